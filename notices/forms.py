"""Forms of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.models import Delivery


class DeliveryFilter(forms.Form):
    """Which deliveries the list shows."""

    q = forms.CharField(label=_("Receiver or subject"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *Delivery.State.choices])
    channel = forms.ChoiceField(label=_("Sent by"), required=False, choices=[("", _("all")), *Delivery.Channel.choices])


class TextForm(forms.Form):
    """The text of a kind of message in one language."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 8}))
