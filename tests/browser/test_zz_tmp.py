import pytest
from datetime import timedelta
from django.test import override_settings
from privacy.connectors import registry
from privacy.services import review
from tests.browser.test_admin_work import sign_in
from tests.support import staff
from tests.support.vault import Vault, Shelf
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])]
def shot(site, name):
    for width in (1100, 320):
        site.resize(width)
        site.page.screenshot(path=f"/tmp/x/h2-{name}-{width}.png", full_page=True)
    site.resize(1100)
def test_a(open_site, world):
    with registry.use(Vault(), Shelf()):
        r = staff.looked_up("erasure", vault=Vault().look().as_json(), shelf=Shelf().look().as_json())
        site = open_site(); sign_in(site, staff.member("Approver", "april"))
        site.open(staff.do_url(r, "propose")); shot(site, "offer")
        review.propose(r, actor=staff.member("Handler","h"), typed=r.reference, reason="x", chosen=["vault:redact"])
        site.open(staff.do_url(r, "approve")); shot(site, "second")
def test_b(open_site, world, run_work):
    world.add_person(staff.ANN); world.add_person("anna.lehmann@example.org", "Other")
    r = staff.reviewed(world, run_work, "rectification")
    from privacy.services.correction_entry import enter_correction
    a, h = staff.member("Approver","a"), staff.member("Handler","h")
    enter_correction(r, actor=h, patch={"full_name":"Anna Lehmann","email":"anna.lehmann@example.org","other":"The note\nof May"})
    review.propose(r, actor=h, typed=r.reference, reason="x"); review.approve(r, actor=a, reason="y"); run_work()
    site = open_site(); sign_in(site, a)
    site.open(staff.do_url(r, "reveal")); site.page.get_by_label("Reason").fill("x"); site.press("Reveal")
    site.page.set_viewport_size({"width":1100,"height":1400}); site.page.screenshot(path="/tmp/x/h2-rev-1100.png")
    site.page.set_viewport_size({"width":320,"height":1900}); site.page.screenshot(path="/tmp/x/h2-rev-320.png")
