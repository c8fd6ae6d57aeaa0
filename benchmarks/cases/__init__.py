"""One case a file: importing this package registers every case in it."""

import pkgutil
from importlib import import_module

for _found in sorted(found.name for found in pkgutil.iter_modules(__path__)):
    import_module(f"{__name__}.{_found}")
