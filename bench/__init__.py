"""The measurements of docs/performance.md, as commands anyone can run: `python3 -m bench NAME`.

Numbers are ratios within one run where they can be: machines differ and are noisy. `--small` is the size that the
tests run, so that no command rots.
"""
