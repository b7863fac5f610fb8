"""Where the engine starts the policy pack; it holds no rules, the catalog does."""

try:
    from policy.pack import serve
except ModuleNotFoundError as missing:
    # The engine starts a pack in its own folder, and so imports it as any other installed project.
    raise SystemExit(
        f"the mwaa policy pack needs {missing.name!r}: install the whole project where the pack "
        "runs (`pip install -e .` in its checkout), or make a pack that stands alone with "
        "`make policy-bundle`"
    ) from None

serve()
