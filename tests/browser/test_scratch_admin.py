from tests.browser.test_admin_pages import *
from privacy.models import FulfilmentStep
@pytest.mark.parametrize("x",[1])
def test_shots(open_site, pages, x):
    import os; os.makedirs("/tmp/shots",exist_ok=True)
    april=User.objects.get(username="april"); hanna=staff.member("Handler","hanna"); root=User.objects.create_superuser("root","",PASSWORD)
    r=staff.looked_up("erasure"); FulfilmentStep.objects.filter(request=r,connector="stripe").update(state="ready",error="mail_no_answer",attempts=3)
    FulfilmentStep.objects.filter(request=r,connector="supabase_auth").update(state="parked",error="no_permission",attempts=1)
    pages["failing"]=staff.page_url(r)
    for prefix,user,kw in (("r_",root,{"width":1280}),("m_",april,{"width":320}),("h_",hanna,{"width":1280})):
        s=open_site(**kw); sign_in(s,user)
        for n,p in pages.items():
            if prefix=="h_" and n not in("approve","propose","failing","proposed","dashboard"): continue
            s.open(p); s.page.screenshot(path=f"/tmp/shots/{prefix}{n.replace(' ','_')}.png",full_page=True)
    s=open_site(width=1280); sign_in(s,root); s.open(pages["reveal"]); s.page.get_by_label("Reason").fill("They rang."); s.page.locator("main form [type=submit]").first.click(); s.page.screenshot(path="/tmp/shots/r_revealed.png",full_page=True)
    s.open(pages["take in"]); s.page.locator("main form [type=submit]").first.click(); s.page.screenshot(path="/tmp/shots/r_takein_err.png",full_page=True)
