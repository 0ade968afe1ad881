"""How the organisation answers: which region or team serves a province."""

from staff.models import Province, Region


def mobile_team() -> Region:
    """The team that serves the home province and all that no region holds (ORG-02)."""
    return Region.objects.filter(is_mobile=True).order_by("id")[:1].get()


def region_for(province: Province) -> Region:
    """The region that serves a province, or the mobile team (ORG-02)."""
    return province.region or mobile_team()


def home_province() -> Province:
    """The maker's own province."""
    return Province.objects.filter(is_home=True).order_by("code")[:1].get()
