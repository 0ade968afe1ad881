"""Pages of the mechanisms: the search over everything, stored files."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core import finder, uploads
from core.models import StoredFile


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything a fragment matches; a single hit is opened at once."""
    query = request.GET.get("q", "").strip()[:100]
    groups = finder.find(query, request.user)
    hits = [hit for _provider, found in groups for hit in found]
    if len(hits) == 1:
        return redirect(hits[0].url)
    return render(request, "core/search.html", {"query": query, "groups": groups})


@login_required
@require_safe
def stored_file(request: HttpRequest, pk: int, small: bool = False) -> FileResponse:
    """An upload for those who may see the record it belongs to; pictures are shown, all else is saved."""
    file = get_object_or_404(StoredFile, pk=pk)
    if not uploads.may_see(request.user, file):
        raise Http404
    is_picture = file.content_type in uploads.FORMATS
    small = small and is_picture and default_storage.exists(uploads.small_name(file))
    response = FileResponse(
        default_storage.open(uploads.small_name(file) if small else str(file.file.name), "rb"),
        as_attachment=not is_picture,
        filename=file.name,
        content_type="image/jpeg" if small else file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
