"""Trial addresses behind the door."""

from types import SimpleNamespace

from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

from linli.ground.kernel.actor import NOBODY, Actor, Role, RoleName
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.ground.web import access, forms, htmx, rate, uploads
from linli.ground.web.models import RateCounter


class SaidToBe:
    """Believes the caller about who they are."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        account = request.headers.get("X-Account")
        roles = [
            Role(RoleName(word), "/1/") for word in request.headers.get("X-Roles", "").split(",") if word
        ]
        request.actor = (
            Actor(key=f"account:{account}", account_id=int(account), name="王秀兰", roles=tuple(roles))
            if account
            else NOBODY
        )
        request.place = SimpleNamespace(slug="longqi", name="隆祺嘉园", path="/1/4/")
        return self.get_response(request)


class Operator(SaidToBe):
    """Takes everybody for the operator."""

    def __call__(self, request):
        request.META |= {"HTTP_X_ACCOUNT": "1", "HTTP_X_ROLES": "operator"}
        return super().__call__(request)


def write_something():
    """A row that stands for whatever an action writes."""
    RateCounter.objects.create(name="written", who=f"w{RateCounter.objects.count()}", window_at=0)


def written():
    """How many acts are in the database."""
    return RateCounter.objects.filter(name="written").count()


@access.public
def open_to_all(request):
    return htmx.page(request, "web/fragment.html", {"fragment": "web/_notices.html", "title": "开着"})


def nobody_decided(request):
    return HttpResponse("secret")


@access.signed_in
def for_members(request):
    return HttpResponse(request.actor.name)


@access.roles(RoleName.COMMITTEE_MEMBER)
def for_committee(request):
    return HttpResponse("committee")


@access.public
def act(request):
    write_something()
    if request.POST.get("then") == "fail":
        raise RuntimeError("broken")
    if request.POST.get("then") == "refuse":
        raise Conflict("gone", "「{what}」已经办完了。", clause="民法典第二百七十八条", what="长椅")
    if request.POST.get("then") == "422":
        return HttpResponse("还差一项", status=422)
    if request.POST.get("then") == "stay":
        return HttpResponse("done")
    return htmx.swap_or_redirect(request, "web/_notices.html", to="/open/")


@access.public
def refuse(request, kind):
    kinds = {"not_allowed": NotAllowed, "not_found": NotFound, "conflict": Conflict, "invalid": Invalid}
    if kind == "disk":
        raise OperationalError("database or disk is full")
    raise kinds[kind](kind, "原因是 {why}。", why="<b>这样</b>")


@access.public
@rate.limit("knock", 3, 600)
def knock(request):
    return HttpResponse("in")


@access.public
@rate.limit("sms", 2, 600, field="phone")
def sms(request):
    return HttpResponse("sent", status=422)


class PhotoForm(forms.Form):
    photos = forms.Photos(label="照片", most=3, required=False)
    text = forms.Text(label="情况", lines=3, max_length=500)


@access.public
def photos(request):
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return htmx.fragment(
            request, "web/_form.html", {"form": form, "title": "反映", "action": "/photos/"}, status=422
        )
    return JsonResponse([picture.sha256 for picture in form.cleaned_data["photos"]], safe=False)


@access.public
def picture(request, sha256):
    return uploads.serve_picture(sha256)


urlpatterns = [
    path("", include("linli.ground.web.urls")),
    path("open/", open_to_all),
    path("undecided/", nobody_decided),
    path("members/", for_members),
    path("committee/", for_committee),
    path("act/", act, name="act"),
    path("api/act/", act),
    path("refuse/<str:kind>/", refuse),
    path("knock/", knock),
    path("sms/", sms),
    path("photos/", photos),
    path("picture/<str:sha256>/", picture),
    path("c/<slug:slug>/", open_to_all, name="home"),
    path("c/<slug:slug>/requests/", open_to_all, name="requests"),
    path("district/", open_to_all, name="district"),
]
handler400 = "linli.ground.web.errors.bad_request"
handler403 = "linli.ground.web.errors.forbidden"
handler404 = "linli.ground.web.errors.not_found"
handler500 = "linli.ground.web.errors.server_error"
