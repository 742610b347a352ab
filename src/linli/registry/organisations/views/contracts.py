"""Contracts at the desk: registered for a compound, filed, ended early."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.organisations import actions, forms, policies, queries
from linli.registry.organisations.views._shared import KEEPERS, back_to, refused_in, status_of
from linli.registry.places import queries as places


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def sign(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Register a contract: first the compound, then its days."""
    company = queries.visible(request.actor, organisation_id)
    chosen = request.GET.get("compound", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        words = request.GET.get("q", "").strip()[:40]
        context = {"words": words, "found": queries.compounds_for(request.actor, words), "body": company}
        return htmx.page(request, "organisations/choose_compound.html", context, status=status_of(request))
    compound = places.compound(int(chosen))
    policies.require_may_keep(request.actor, compound.path)
    form = forms.ContractForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_in(form, to_on="last_on"):
            actions.sign_contract(
                actor=request.actor,
                compound_id=compound.pk,
                company_id=company.pk,
                from_on=data["from_on"],
                to_on=forms.day_after(data["last_on"]),
                signed_on=data["signed_on"],
                filed_on=data["filed_on"],
                at=request.received_at,
            )
            return back_to(request, company.pk, _("合同已登记，居民在“谁在服务”里能看到。"))
    context = {
        "form": form,
        "body": company,
        "compound": compound,
        "rule": queries.rule_of_contracts(localdate(request.received_at)),
    }
    return htmx.page(request, "organisations/sign.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def file(request: ActorRequest, organisation_id: int, contract_id: int) -> HttpResponse:
    """Enter the day of filing."""
    today = localdate(request.received_at)
    contract = queries.contract_of(request.actor, organisation_id, contract_id, today)
    form = forms.FilingForm(request.POST if request.method == "POST" else None, initial={"filed_on": today})
    if request.method == "POST" and form.is_valid():
        with refused_in(form, "filed_on"):
            actions.file_contract(
                actor=request.actor,
                contract_id=contract_id,
                filed_on=form.cleaned_data["filed_on"],
                at=request.received_at,
            )
            return back_to(request, organisation_id, _("备案日期已登记。"))
    context = {
        "form": form,
        "contract": contract,
        "body": queries.visible(request.actor, organisation_id),
        "rule": queries.rule_of_contracts(today),
    }
    return htmx.page(request, "organisations/file.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def end(request: ActorRequest, organisation_id: int, contract_id: int) -> HttpResponse:
    """End a contract early, with the reason."""
    today = localdate(request.received_at)
    contract = queries.contract_of(request.actor, organisation_id, contract_id, today)
    form = forms.EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        after = forms.day_after(form.cleaned_data["last_on"])
        assert after is not None
        with refused_in(form, to_on="last_on"):
            actions.end_contract(
                actor=request.actor,
                contract_id=contract_id,
                to_on=after,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            return back_to(request, organisation_id, _("合同的终止已登记。"))
    context = {
        "form": form,
        "contract": contract,
        "body": queries.visible(request.actor, organisation_id),
        "rule": queries.rule_of_contracts(today),
    }
    return htmx.page(request, "organisations/end.html", context, status=status_of(request))
