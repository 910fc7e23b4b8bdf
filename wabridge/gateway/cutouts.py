"""One item of a stored webhook as it came, for the rooms that show it: they do not read Meta's JSON themselves."""

from wabridge.whatsapp.cutouts import Cutout, Opened, cut_out, readable

__all__ = ["Cutout", "Opened", "cut_out", "readable"]
