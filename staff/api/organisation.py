"""Regions, provinces, divisions, product lines and tiers in the API: to read; the pages change them."""

from typing import Any

from rest_framework import serializers, viewsets

from staff.models import Division, ProductLine, Province, Region, Tier


class ReadSharedMixin:
    """What everybody with an account in the house may read; addressed by code."""

    lookup_field = "code"
    filter_backends: Any = []
    keyset_ordering = ("id",)

    def get_queryset(self):
        """Rows visible to the person."""
        rows = super().get_queryset()  # type: ignore[misc]
        return rows if getattr(self, "swagger_fake_view", False) else rows.visible_to(self.request.user)  # type: ignore[attr-defined]


class RegionSerializer(serializers.ModelSerializer):
    """A region with its provinces and supervisor."""

    supervisor = serializers.SlugRelatedField(slug_field="username", read_only=True)
    provinces = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Region
        fields = ["code", "name_zh", "name_en", "is_mobile", "supervisor", "provinces"]


class RegionViewSet(ReadSharedMixin, viewsets.ReadOnlyModelViewSet[Region]):
    """Regions and the mobile team."""

    queryset = Region.objects.select_related("supervisor").prefetch_related("provinces")
    serializer_class = RegionSerializer


class ProvinceSerializer(serializers.ModelSerializer):
    """A province and the region that serves it (null: the mobile team)."""

    region = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Province
        fields = ["code", "name_zh", "name_en", "latitude", "longitude", "region", "is_home"]


class ProvinceViewSet(ReadSharedMixin, viewsets.ReadOnlyModelViewSet[Province]):
    """Provinces."""

    queryset = Province.objects.select_related("region")
    serializer_class = ProvinceSerializer
    keyset_ordering = ("pk",)


class DivisionSerializer(serializers.ModelSerializer):
    """A division with its product lines."""

    product_lines = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Division
        fields = ["code", "name_zh", "name_en", "product_lines"]


class DivisionViewSet(ReadSharedMixin, viewsets.ReadOnlyModelViewSet[Division]):
    """Divisions."""

    queryset = Division.objects.prefetch_related("product_lines")
    serializer_class = DivisionSerializer


class ProductLineSerializer(serializers.ModelSerializer):
    """A product line."""

    division = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = ProductLine
        fields = ["code", "name_zh", "name_en", "division"]


class ProductLineViewSet(ReadSharedMixin, viewsets.ReadOnlyModelViewSet[ProductLine]):
    """Product lines."""

    queryset = ProductLine.objects.select_related("division")
    serializer_class = ProductLineSerializer


class TierSerializer(serializers.ModelSerializer):
    """A tier with its authority."""

    class Meta:
        model = Tier
        fields = ["code", "name_zh", "name_en", "rank", "may_decide_up_to", "highest_grade_alone", "pay_band"]


class TierViewSet(ReadSharedMixin, viewsets.ReadOnlyModelViewSet[Tier]):
    """Tiers of engineers."""

    queryset = Tier.objects.all()
    serializer_class = TierSerializer
