"""Windows of the pictures are on no screen."""

import os

# Before the first QApplication, whichever of these tests is the first.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
