"""What the forms of all verbs share: words, permission, the version that was read, the action that is called."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.visit_forms import MomentInput


class ActionForm(forms.Form):
    """A verb of a record: `run` calls the action with what was typed."""

    code: ClassVar[str]
    title: ClassVar[Any]
    submit: ClassVar[Any] = ""
    lead: Any = ""
    done: ClassVar[Any] = _("Done.")
    template: ClassVar[str] = "tickets/actions/plain.html"
    part: ClassVar[str] = ""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Any, user: Any, asked: Any = None, **kwargs: Any) -> None:
        """`asked` are the parameters of the address by which the form was opened."""
        given: Any = {"auto_id": f"{self.code}_%s", "initial": {"version": record.version}, **kwargs}
        super().__init__(*args, **given)
        self.record, self.user, self.asked = record, user, asked or {}
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the record."""

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whether the person's role includes the verb."""
        raise NotImplementedError

    def run(self) -> Any:
        """Call the action; returns the record it made or changed."""
        raise NotImplementedError

    def saying(self) -> Any:
        """What is said when it is done."""
        return self.done

    def values(self, *names: str) -> dict[str, Any]:
        """Arguments that every action takes, and those named."""
        data = self.cleaned_data
        found = {name: data[name] for name in names}
        if data.get("at") is not None:
            found["at"] = data["at"]
        return {**found, "by": self.user}

    def renew(self, record: Any) -> None:
        """After a refusal: what was typed stays, and counts for the record as it stands now."""
        self.record = record
        if self.is_bound:
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix("version")] = str(record.version)  # type: ignore[index]

    @property
    def draft(self) -> str:
        """Under which name the browser keeps what is typed."""
        return f"{self.record.number}-{self.code}"


def when() -> forms.DateTimeField:
    """When it happened, where that is not now (TKT-11)."""
    return forms.DateTimeField(label=_("When, if not now"), required=False, widget=MomentInput())


def text(label: Any, rows: int = 2, required: bool = True, hint: Any = "") -> forms.CharField:
    """A few lines."""
    widget = forms.Textarea(attrs={"rows": rows, "placeholder": hint} if hint else {"rows": rows})
    return forms.CharField(label=label, required=required, max_length=4000, widget=widget)
