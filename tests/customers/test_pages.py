"""Pages of customers and machines: lists, files, stories, forms, the import in steps."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import sheets
from customers import actions
from customers.models import Customer, Equipment, SheetImport

from .conftest import NOON


def browser(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(dispatcher):
    return browser(dispatcher)


def text_of(response):
    return response.content.decode()


def file_form(**fields):
    return {
        "name": "成都路桥",
        "kind": "company",
        "province": "500000",
        "contact-TOTAL_FORMS": "1",
        "contact-INITIAL_FORMS": "0",
        "contact-0-channel": "phone",
        **fields,
    }


@pytest.mark.req("CUS-08")
def test_the_list_is_narrowed_by_fragment_and_filters(desk, customer, dispatcher, liaoning):
    actions.add_customer(by=dispatcher, name="沈阳某厂", province=liaoning, kind="dealer")
    assert "重庆机床厂" in text_of(desk.get("/customers/"))
    for query in ("q=8000", "q=cqjc", "province=500000", "region=T-SW", "kind=company"):
        found = text_of(desk.get(f"/customers/?{query}"))
        assert "重庆机床厂" in found, query
        assert "沈阳某厂" not in found, query
    assert "没有符合条件的客户" in text_of(desk.get("/customers/?q=没有这家"))
    assert desk.get("/customers/?province=nowhere").status_code == 200


@pytest.mark.req("CUS-08")
def test_the_machine_list_is_narrowed_too(desk, machine, south):
    for query in ("q=0117", "customer=KH00001", "model=TRC-1200", "product_line=t-hot", "region=T-SW", "state=in_use"):
        assert machine.serial in text_of(desk.get(f"/equipment/?{query}")), query
    assert machine.serial not in text_of(desk.get("/equipment/?state=scrapped"))


@pytest.mark.req("CUS-05")
@pytest.mark.parametrize("path", ["customers", "equipment"])
def test_a_list_is_exported_and_reads_back_as_an_unchanged_import(path, desk, machine, dispatcher):
    for kind in ("xlsx", "csv"):
        content = b"".join(desk.get(f"/{path}/?export={kind}"))
        sheet = sheets.read(content)
        assert len(sheet.rows) == 1
        upload = SimpleUploadedFile(f"list.{kind}", content)
        staged = actions.stage_sheet(upload, kind="customers" if path == "customers" else "machines", by=dispatcher)
        done = actions.apply_sheet(staged, by=dispatcher)
        assert done.counts == {"new": 0, "changed": 0, "unchanged": 1, "faulty": 0}
    assert len(sheets.read(b"".join(desk.get("/customers/?export=csv"))).headings) == 18


@pytest.mark.req("CUS-03")
def test_customer_and_machine_tell_their_story(desk, customer, machine, dispatcher):
    actions.record_meter(machine, by=dispatcher, at=NOON, hours=12, source="customer")
    page = text_of(desk.get(f"/customers/{customer.number}/"))
    assert "建立客户档案 KH00001" in page
    assert "TRC1200-2024-0117: 读表：12.0 小时" in page
    page = text_of(desk.get(f"/equipment/{machine.serial}/"))
    assert "读表：12.0 小时" in page
    assert "登记设备" in page
    assert "登记设备" not in text_of(desk.get(f"/equipment/{machine.serial}/?story=work"))
    assert "还没有这类记录" in text_of(desk.get(f"/equipment/{machine.serial}/?story=training"))


@pytest.mark.req("CUS-03")
def test_a_long_story_is_paged_by_key(desk, machine, dispatcher):
    for day in range(35):
        at = NOON + dt.timedelta(days=day)
        actions.record_meter(machine, by=dispatcher, at=at, hours=100 + day, source="customer")
    first = desk.get(f"/equipment/{machine.serial}/")
    assert "134.0" in text_of(first)
    assert "读表：101.0" not in text_of(first)
    cursor = first.context["story"]["page"].older
    assert "读表：101.0" in text_of(desk.get(f"/equipment/{machine.serial}/?cursor={cursor}"))


@pytest.mark.req("CUS-01")
def test_a_file_is_opened_with_contacts_in_one_form(desk, chongqing):
    given = file_form(**{"contact-0-name": "李工", "contact-0-phone": "13900139000", "idempotency_key": "k"})
    first, second = desk.post("/customers/new/", given), desk.post("/customers/new/", given)
    assert first.url == second.url == "/customers/KH00001/"
    assert Customer.objects.get().contacts.get().is_main
    assert "李工" in text_of(desk.get(first.url))


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"name": ""}, "名称"),
        ({"name": "重庆机床厂"}, "名称"),
        ({"contact-0-name": "李工", "contact-0-phone": "没有"}, "这不是电话号码"),
        ({"contact-0-phone": "13900139000"}, "联系人姓名"),
    ],
)
def test_wrong_input_comes_back_with_what_was_typed(fields, word, desk, customer):
    response = desk.post("/customers/new/", file_form(address="海峡路 88 号", **fields))
    assert response.status_code in (400, 422)
    assert "海峡路 88 号" in text_of(response)
    assert word in text_of(response)
    assert Customer.objects.count() == 1


@pytest.mark.req("CUS-01")
def test_who_saves_an_old_version_is_told_and_keeps_the_input(desk, customer, supervisor):
    person = customer.contacts.get()
    given = file_form(
        **{
            "name": customer.name, "version": 1, "city": "渝北", "contact-INITIAL_FORMS": "1",
            "contact-0-id": person.pk, "contact-0-name": "曾师傅", "contact-0-phone": "13700137000",
        }
    )  # fmt: skip
    actions.change_customer(customer, by=supervisor, notes="急")
    response = desk.post(f"/customers/{customer.number}/edit/", given)
    assert response.status_code == 409
    assert "susan" in text_of(response)
    assert "13700137000" in text_of(response)
    response = desk.post(f"/customers/{customer.number}/edit/", {**given, "version": 2})
    assert response.status_code == 302
    assert customer.contacts.get().phone == "13700137000"


@pytest.mark.req("CUS-01")
def test_a_contact_leaves_by_a_tick_and_a_line_is_added(desk, customer):
    person = customer.contacts.get()
    given = file_form(
        **{
            "name": customer.name, "version": 1, "contact-TOTAL_FORMS": "2", "contact-INITIAL_FORMS": "1",
            "contact-0-id": person.pk, "contact-0-name": "曾师傅", "contact-0-remove": "on",
            "contact-1-name": "新人", "contact-1-phone": "13700137000", "contact-1-channel": "wechat",
        }
    )  # fmt: skip
    assert desk.post(f"/customers/{customer.number}/edit/", given).status_code == 302
    assert [(c.name, c.is_main) for c in customer.contacts.all()] == [("新人", True)]
    row = text_of(desk.get("/customers/contact-row/?contact-TOTAL_FORMS=2"))
    assert 'name="contact-2-name"' in row
    assert 'value="3"' in row


@pytest.mark.req("CUS-02")
def test_a_machine_is_registered_changed_and_changes_hands(desk, customer, model, dispatcher, chongqing):
    other = actions.add_customer(by=dispatcher, name="成都路桥", province=chongqing)
    given = {"serial": "H-1", "model": model.pk, "customer": customer.number, "quantity": 1, "state": "in_use"}
    made = desk.post(f"/customers/{customer.number}/equipment/new/", given)
    assert made.url == "/equipment/H-1/"
    assert desk.post(f"/customers/{customer.number}/equipment/new/", given).status_code == 400
    changed = desk.post(
        "/equipment/H-1/edit/", {**given, "customer": "成都路桥", "plate": "川A1", "version": 1, "why": "转让"}
    )
    assert changed.status_code == 302
    machine = Equipment.objects.get()
    assert (machine.customer, machine.plate) == (other, "川A1")
    wrong = desk.post("/equipment/H-1/edit/", {**given, "customer": "没有", "version": 2})
    assert wrong.status_code == 422


@pytest.mark.req("CUS-02", "CUS-10")
def test_meter_components_papers_and_operators_are_added_in_place(desk, machine):
    url = f"/equipment/{machine.serial}/"
    reading = {"reading-hours": "120.5", "reading-at": "2026-10-05T08:00", "reading-source": "customer"}
    assert desk.post(f"{url}readings/", reading).status_code == 302
    odd = {**reading, "reading-hours": "20", "reading-at": "2026-10-06T08:00"}
    assert "不予采信" in text_of(desk.post(f"{url}readings/", odd, follow=True))
    assert desk.post(f"{url}readings/", {**reading, "reading-at": "2999-01-01T00:00"}).status_code == 422
    component = {"component-name": "控制器", "component-kind": "electrical", "component-serial": "K-1"}
    assert desk.post(f"{url}components/", component).status_code == 302
    assert desk.post(f"{url}items/", {"item-kind": "tool", "item-name": "扳手", "item-quantity": 1}).status_code == 302
    assert desk.post(f"{url}operators/", {"operator-name": "小赵"}).status_code == 302
    assert desk.post(f"{url}operators/", {"operator-name": ""}).status_code == 422
    old = machine.components.get()
    swapped = desk.post(f"{url}components/{old.pk}/replace/", {"on": "2026-05-02", "serial": "K-2"})
    assert swapped.status_code == 302
    page = text_of(desk.get(url))
    for word in ("120.5", "K-1", "K-2", "扳手", "小赵"):
        assert word in page
    machine.refresh_from_db()
    assert str(machine.running_hours) == "120.5"


@pytest.mark.req("CUS-02")
def test_contracts_and_sites_are_filed_and_changed(desk, customer):
    url = f"/customers/{customer.number}/"
    assert desk.post(f"{url}contracts/new/", {"number": "2026-9"}).status_code == 302
    contract = customer.contracts.get()
    assert desk.post(f"{url}contracts/{contract.pk}/", {"number": "2026-9", "title": "维保"}).status_code == 302
    assert desk.post(f"{url}contracts/new/", {"number": "2026-9"}).status_code == 400
    assert desk.post(f"{url}sites/new/", {"name": "工地", "province": "500000"}).status_code == 302
    page = text_of(desk.get(url))
    assert "维保" in page
    assert "工地" in page


@pytest.mark.req("CUS-05")
def test_a_sheet_goes_through_the_page_and_bad_rows_come_back(desk, chongqing):
    content = "单位,省份,电话,联系人\n甲公司,重庆,13900139000,王\n乙公司,火星,,\n".encode("gb18030")
    upload = SimpleUploadedFile("名单.csv", content)
    step = desk.post("/customers/import/", {"kind": "customers", "file": upload})
    staged = SheetImport.objects.get()
    assert step.url == f"/customers/import/{staged.pk}/columns/"
    assert "单位 (甲公司)" in text_of(desk.get(step.url))
    step = desk.post(step.url, {**staged.columns, "name": ""})
    assert step.status_code == 302
    assert "缺少客户名称或编号" in text_of(desk.get(f"/customers/import/{staged.pk}/preview/"))
    desk.post(f"/customers/import/{staged.pk}/columns/", staged.columns)
    page = text_of(desk.get(f"/customers/import/{staged.pk}/preview/"))
    assert "火星" in page
    marked = desk.get(f"/customers/import/{staged.pk}/errors.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(marked.content)).active.max_row == 3
    desk.post(f"/customers/import/{staged.pk}/apply/", {"good_only": "0"})
    assert not Customer.objects.exists()
    done = desk.post(f"/customers/import/{staged.pk}/apply/", {"good_only": "1"})
    assert done.url == f"/customers/import/{staged.pk}/"
    page = desk.get(done.url)
    assert "下载退回的行" in text_of(page)
    assert Customer.objects.get().name == "甲公司"
    back = b"".join(desk.get(page.context["returned_url"]))
    assert openpyxl.load_workbook(io.BytesIO(back)).active["A2"].value == "乙公司"


@pytest.mark.req("CUS-05")
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b\n", b"\x00\x00"])
def test_what_is_no_sheet_is_refused_on_the_page(content, desk):
    response = desk.post("/customers/import/", {"kind": "customers", "file": SimpleUploadedFile("x.csv", content)})
    assert response.status_code == 422
    assert not SheetImport.objects.exists()


@pytest.mark.req("CUS-05")
def test_each_kind_of_sheet_has_a_template(desk):
    for kind in ("customers", "machines"):
        response = desk.get(f"/customers/import/template/{kind}.xlsx")
        assert len(sheets.read(response.content).rows) == 1
    assert desk.get("/customers/import/template/nothing.xlsx").status_code == 404


@pytest.mark.req("OPN-05")
@pytest.mark.parametrize("path", ["customers/", "equipment/", "customers/import/", "customers/KH00001/"])
def test_every_page_speaks_english(path, dispatcher, machine):
    dispatcher.language = "en"
    dispatcher.save()
    client = browser(dispatcher)
    page = client.get(f"/{path}", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "Customer" in text_of(page)


@pytest.mark.parametrize("path", ["customers/", "equipment/", "customers/KH00001/"])
def test_a_page_costs_the_same_for_one_row_and_twenty(path, desk, machine, customer, model, dispatcher, chongqing):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/{path}").status_code == 200
        return len(queries)

    cost()
    before = cost()
    for i in range(20):
        other = actions.add_customer(by=dispatcher, name=f"客户{i}", province=chongqing, contacts=[{"name": "a"}])
        site = actions.add_site(customer, by=dispatcher, name=f"S{i}")
        actions.add_contact(customer, by=dispatcher, name=f"人{i}", phone="13900139000")
        actions.add_equipment(by=dispatcher, serial=f"S-{i}", model=model, customer=customer, site=site)
        actions.add_equipment(by=dispatcher, serial=f"T-{i}", model=model, customer=other)
    assert cost() <= before


@pytest.mark.req("CUS-02")
def test_the_kinds_of_components_are_those_of_the_app_that_keeps_them(desk, machine, monkeypatch):
    from customers import kinds

    monkeypatch.setattr(kinds, "_sources", [lambda: [("burner", "加热燃烧系统")]])
    page = text_of(desk.get(f"/equipment/{machine.serial}/"))
    assert '<option value="burner">加热燃烧系统</option>' in page
