"""What is counted of requests, for Prometheus: by route template, method and class of status, and nothing else."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Requests(Collector):
    """Requests counted and their seconds: plain numbers, since the library locks several times to count one request.

    Only the loop that answers counts; who scrapes reads in between.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}
        self._buckets: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def count(self, route: str, method: str, status: str, seconds: float) -> None:
        """Count one request."""
        key = route, method, status
        self._counts[key] = self._counts.get(key, 0) + 1
        if route not in self._buckets:
            self._buckets[route], self._sums[route] = [0] * (len(BUCKETS) + 1), 0.0
        self._buckets[route][bisect_left(BUCKETS, seconds)] += 1
        self._sums[route] += seconds

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted."""
        requests = CounterMetricFamily("matcher_requests", "Requests answered.", labels=("route", "method", "status"))
        for labels, count in self._counts.items():
            requests.add_metric(labels, count)
        yield requests
        seconds = HistogramMetricFamily("matcher_request_seconds", "Seconds to the whole answer.", labels=("route",))
        for route, buckets in self._buckets.items():
            upto = zip([*map(str, BUCKETS), "+Inf"], accumulate(buckets), strict=True)
            seconds.add_metric((route,), list(upto), self._sums[route])
        yield seconds


class Meter:
    """The counters of one server, in a registry of their own; other counters are added to ``registry``."""

    def __init__(self) -> None:
        self.registry, self._requests = CollectorRegistry(), Requests()
        self.registry.register(self._requests)
        self._jobs = Counter("matcher_jobs", "Runs of jobs.", ("job", "outcome"), registry=self.registry)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request by its route's template. ``status`` 0: it was never answered."""
        self._requests.count(route, method if method in METHODS else "other", f"{status // 100}xx", seconds)

    def job(self, name: str, done: bool) -> None:
        """Count one run of a job, by its name."""
        self._jobs.labels(name, "done" if done else "failed").inc()

    def text(self) -> bytes:
        """Return all that was counted, in Prometheus's text format."""
        return generate_latest(self.registry)
