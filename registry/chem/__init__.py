"""Structures: text in, identity out. Nothing here knows any law."""

from rdkit import rdBase

# The toolkit writes the user's structure to standard error; what it has to say is carried by the
# errors of `parse` instead.
rdBase.DisableLog("rdApp.*")
