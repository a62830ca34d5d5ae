"""The promises of the privacy policy, for auditors' tools: the same table as the public page."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from privacy.claims import POLICY_SHA256, POLICY_UPDATED
from privacy.services.policy import claim_states


class PromisesView(APIView):
    """GET: {"policy": {"updated", "sha256"}, "promises": [{id, section, promise, state, detail}]}.

    Public, as the page is. `state` is kept, open or broken.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        promises = [
            {
                "id": each.claim.id,
                "section": each.claim.section,
                "promise": each.claim.promise,
                "state": each.state,
                "detail": each.detail,
            }
            for each in claim_states()
        ]
        policy = {"updated": POLICY_UPDATED, "sha256": POLICY_SHA256}
        return Response({"policy": policy, "promises": promises})
