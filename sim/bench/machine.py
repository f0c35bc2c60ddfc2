"""The machine and the process: what it is, one core of it, how much memory was used."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("holdfast", "jax", "jaxlib", "numpy", "mesa", "pandas")


def describe_machine() -> dict[str, Any]:
    """Processor, cores that may be used, load, operating system, versions."""
    return {
        "processor": _processor(),
        "cores": len(_cores()) or os.cpu_count(),
        "load_average": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
    }


def hold_one_core() -> bool:
    """Keep this process on one core, where the system can; returns whether it did."""
    cores = _cores()
    if cores:
        os.sched_setaffinity(0, {max(cores)})
    return bool(cores)


def one_core_environment() -> dict[str, str]:
    """Variables that keep the compiler's and the libraries' threads off, read when they are imported."""
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return {
        "XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip(),
        "JAX_PLATFORMS": "cpu",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def peak_mb() -> float | None:
    """Most memory (resident, 10^6 bytes) that this process has held; None where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held before it started this process
        for line in status.read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 1e6 if platform.system() == "Darwin" else held * 1024 / 1e6


def _cores() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
