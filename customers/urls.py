"""URLs of customers and machines."""

from django.urls import path

from customers.views import customers, imports, lists, machines

app_name = "customers"

urlpatterns = [
    path("customers/", lists.customers, name="list"),
    path("customers/new/", customers.add, name="new"),
    path("customers/contact-row/", customers.contact_row, name="contact-row"),
    path("customers/import/", imports.start, name="import"),
    path("customers/import/template/<slug:kind>.xlsx", imports.template, name="import-template"),
    path("customers/import/<int:pk>/columns/", imports.columns, name="import-columns"),
    path("customers/import/<int:pk>/preview/", imports.preview, name="import-preview"),
    path("customers/import/<int:pk>/errors.xlsx", imports.marked, name="import-marked"),
    path("customers/import/<int:pk>/apply/", imports.apply, name="import-apply"),
    path("customers/import/<int:pk>/", imports.done, name="import-done"),
    path("customers/<str:number>/", customers.customer, name="customer"),
    path("customers/<str:number>/edit/", customers.edit, name="edit"),
    path("customers/<str:number>/contracts/new/", customers.contract, name="new-contract"),
    path("customers/<str:number>/contracts/<int:pk>/", customers.contract, name="contract"),
    path("customers/<str:number>/sites/new/", customers.site, name="new-site"),
    path("customers/<str:number>/sites/<int:pk>/", customers.site, name="site"),
    path("customers/<str:number>/equipment/new/", machines.add, name="new-equipment"),
    path("equipment/", lists.machines, name="machines"),
    path("equipment/<str:serial>/", machines.machine, name="equipment"),
    path("equipment/<str:serial>/edit/", machines.edit, name="edit-equipment"),
    path("equipment/<str:serial>/readings/", machines.reading, name="reading"),
    path("equipment/<str:serial>/components/", machines.component, name="component"),
    path("equipment/<str:serial>/components/<int:pk>/replace/", machines.replace, name="replace"),
    path("equipment/<str:serial>/items/", machines.item, name="item"),
    path("equipment/<str:serial>/operators/", machines.operator, name="operator"),
]
