"""What is counted of requests, for Prometheus: by route template, method and class of status, and nothing else."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Meter:
    """The counters of one server, in a registry of their own; other counters are added to ``registry``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "matcher_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "matcher_request_seconds", "Seconds to the whole answer.", ("route",), buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self._jobs = Counter("matcher_jobs", "Runs of jobs.", ("job", "outcome"), registry=self.registry)
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request by its route's template. ``status`` 0: it was never answered."""
        key = (route, method if method in METHODS else "other", status // 100)
        found = self._known.get(key)
        if found is None:
            requests = self._requests.labels(route, key[1], f"{key[2]}xx")
            found = self._known[key] = (requests, self._seconds.labels(route))
        found[0].inc()
        found[1].observe(seconds)

    def job(self, name: str, done: bool) -> None:
        """Count one run of a job, by its name."""
        self._jobs.labels(name, "done" if done else "failed").inc()

    def text(self) -> bytes:
        """Return all that was counted, in Prometheus's text format."""
        return generate_latest(self.registry)
