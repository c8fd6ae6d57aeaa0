"""Who asks, behind proxies: those of the settings are believed, and once it is told where another one forwards."""

import logging
from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

LOG = logging.getLogger("matcher.proxies")
READ = b"x-forwarded-for"
"""The one header that is believed, of an own proxy."""
FORWARDED = frozenset((READ, b"forwarded"))
WARNING = (
    "a request was forwarded, and whoever forwarded it is not believed. If it was a proxy of your own, set "
    "MATCHER_TRUSTED_PROXIES to its address, as 10.0.0.7 or 10.0.0.0/8, and let it send X-Forwarded-For: till then all "
    "who come through it are one client, whose requests and failed attempts to sign in are counted together. Else "
    "somebody made it up, and nothing is to be done. This is told once"
)


class Proxies:
    """Pure ASGI: the client of a request becomes the one that an own proxy names; the first other one is told of."""

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        """``trusted``: addresses and networks of own proxies, by comma."""
        self._app: ASGIApp = ProxyHeadersMiddleware(app, trusted) if trusted else app  # type: ignore[arg-type,assignment]
        self._networks = [ip_network(part) for part in filter(None, map(str.strip, trusted.split(",")))]
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its client the one who asks."""
        if not self._told and scope["type"] == "http":
            self._watch(scope)
        await self._app(scope, receive, send)

    def _watch(self, scope: Scope) -> None:
        """Tell, once, that a request was forwarded and is counted for whoever forwarded it.

        Neither an address nor the header is told, and it is told only once: anybody can send such a header.
        """
        sent = FORWARDED.intersection(name for name, _ in scope["headers"])
        if sent and not (READ in sent and self._trusts(scope)):
            self._told = True
            LOG.warning(WARNING)

    def _trusts(self, scope: Scope) -> bool:
        try:
            peer = ip_address(scope["client"][0])
        except (TypeError, ValueError):
            return False
        return any(peer in network for network in self._networks)
