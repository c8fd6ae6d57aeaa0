"""Network addresses: which of them one customer has, so that nobody counts for many by changing theirs."""

from ipaddress import IPv4Address, ip_address, ip_network

SITE = 64
"""Bits of an IPv6 address that one customer has: who has one such address has all the others of it."""


def site_of(address: str) -> str:
    """Return what one customer has: an IPv4 address, also where IPv6 wraps it for a server of both; else a network.

    What is no address is returned as it is.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), SITE), strict=False))
