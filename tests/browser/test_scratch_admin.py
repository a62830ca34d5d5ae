import os, pytest
from playwright.sync_api import sync_playwright
from django.conf import settings
from tests.support.staff import *
from retention.services.holds import place_hold, release_hold
from fluxrouter.foundation.alarms import raise_alarm
from fluxrouter.foundation.trail.seal import seal_trail
from privacy.models import FulfilmentStep

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
OUT = "/tmp/shots"


def test_shots(world, run_work, live_server):
    os.makedirs(OUT, exist_ok=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    p = world.add_person(ANN, calls=1200)
    world.add_person("bo@example.com")
    handler = member("Handler", "hanna.handler")
    approver = member("Approver", "april.approver")
    auditor = member("Auditor", "aud.auditor")
    erasure = proposed(world, run_work, "erasure", "access", actor=handler)
    access = reviewed(world, run_work, "access", email="bo@example.com")
    stranger = reviewed(world, run_work, "erasure", email="stranger@example.net")
    byhand = reviewed(world, run_work, "rectification")
    review.propose(byhand, actor=approver, typed=byhand.reference, reason="ok")
    run_work()
    new = made("objection", "opt_out", days_ago=35)
    late = made("portability", days_ago=25)
    raise_alarm("request_overdue", new.reference)
    raise_alarm("step_parked", "x")
    done = reviewed(world, run_work, "access")
    review.propose(
        done, actor=approver, typed=done.reference, reason="Known customer; the plan is complete."
    )
    run_work()
    seal_trail()
    from django.test import Client

    def cookie(u):
        c = signed_in(u)
        return c.cookies["sessionid"].value

    with sync_playwright() as pw:
        b = pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

        def shots(user, pages, js=True, scheme="light", width=1280, prefix=""):
            ctx = b.new_context(
                viewport={"width": width, "height": 900},
                java_script_enabled=js,
                color_scheme=scheme,
            )
            if user:
                ctx.add_cookies(
                    [{"name": "sessionid", "value": cookie(user), "url": live_server.url}]
                )
            page = ctx.new_page()
            page.on(
                "console",
                lambda m: (
                    print("CONSOLE", prefix, m.type, m.text)
                    if m.type in ("error", "warning")
                    else None
                ),
            )
            for name, url in pages:
                r = page.goto(live_server.url + url)
                w = page.evaluate("document.documentElement.scrollWidth") if js else 0
                if js and w>width: print("WIDE", page.evaluate("""()=>[...document.querySelectorAll('body *')].filter(e=>e.getBoundingClientRect().right>document.documentElement.clientWidth+1 && !e.closest('.scroll,.results,table')).map(e=>e.tagName+'#'+e.id+'.'+e.className+' '+Math.round(e.getBoundingClientRect().right)).slice(0,12)"""))
                print(prefix, name, r.status, "W", w)
                page.screenshot(path=f"{OUT}/{prefix}{name}.png", full_page=True)
            ctx.close()

        L = "/admin/privacy/privacyrequest/"
        pages = [
            ("index", "/admin/"),
            ("queue", L),
            ("queue_all", L + "?status=all"),
            ("erasure", page_url(erasure)),
            ("approve", do_url(erasure, "approve")),
            ("deny", do_url(erasure, "deny")),
            ("access", page_url(access)),
            ("propose", do_url(access, "propose")),
            ("stranger", page_url(stranger)),
            ("byhand", page_url(byhand)),
            ("done", page_url(done)),
            ("new", page_url(new)),
            ("takein", L + "take-in/"),
            ("reveal", do_url(access, "reveal")),
            ("conflict", do_url(done, "deny")),
            ("holdadd", f"/admin/retention/legalhold/add/?subject_id={p.account.pk}"),
        ]
        shots(approver, pages)
        shots(
            approver,
            [
                x
                for x in pages
                if x[0] in ("index", "queue", "erasure", "approve", "takein", "holdadd", "byhand")
            ],
            width=320,
            prefix="m_",
        )
        shots(
            approver,
            [x for x in pages if x[0] in ("index", "queue", "erasure")],
            scheme="dark",
            prefix="d_",
        )
        hold = place_hold(
            p.account.pk,
            ground="claim",
            citation="Az. 12 O 345/26",
            review_on=(timezone.now() + timedelta(days=90)).date(),
            actor=approver,
        )
        shots(
            approver,
            [
                ("held", page_url(erasure)),
                ("holds", "/admin/retention/legalhold/"),
                ("hold", f"/admin/retention/legalhold/{hold.pk}/change/"),
                ("release", f"/admin/retention/legalhold/{hold.pk}/release/"),
            ],
        )
        shots(
            auditor,
            [
                ("a_index", "/admin/"),
                ("verify", "/admin/foundation/trailevent/verify/"),
                ("events", "/admin/foundation/trailevent/"),
                ("a_page", page_url(erasure)),
            ],
        )
        root = User.objects.create_superuser("root", password="x")
        shots(
            root,
            [
                ("users", "/admin/accounts/user/"),
                ("useradd", "/admin/accounts/user/add/"),
                ("user", f"/admin/accounts/user/{handler.pk}/change/"),
                ("root_index", "/admin/"),
            ],
        )
        shots(None, [("login", "/admin/login/")], js=False)
        b.close()
