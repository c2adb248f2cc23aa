"""Settings shared by every test."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "clsm-map", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("clsm-map")
