"""Compiled programs, kept on disk from one process to the next."""

import os


def keep_programs() -> None:
    """Let JAX keep compiled programs on disk, so that the next process need not compile them again.

    In the user's cache folder, at most 256 MB, unless JAX_COMPILATION_CACHE_DIR says otherwise; where that
    folder cannot be written, nothing is kept.
    """
    import jax
    import platformdirs

    if jax.config.jax_compilation_cache_dir is not None:
        return
    folder = platformdirs.user_cache_path("holdfast") / "programs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_compilation_cache_max_size", 256 * 2**20)
