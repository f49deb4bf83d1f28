#!/usr/bin/env bash
# The demonstration behind `make demo`: three questions to a seeded register, then where to look.
# docs/demo.sh SUBREG PORT
set -euo pipefail
cd "$(dirname "$0")/.."
subreg=$1 port=$2 on=2026-11-01

heading() { printf '\n=== %s\n\n' "$*"; }

# The first N paragraphs of an answer, and any that begin with one of the words given.
paragraphs() {
  awk -v RS= -v ORS='\n\n' -v n="$1" -v words="^(${2:-nothing else}):" 'NR <= n || $0 ~ words'
}

heading 'A fentanyl analogue, asked by name: four jurisdictions, each by clauses of its own'
"$subreg" check acetyl-alpha-methylfentanyl --on "$on" \
  --jurisdiction US --jurisdiction GB --jurisdiction CA --jurisdiction CN |
  paragraphs 3 'US-CSA-I-e|GB-MDA-A-1d|CA-CDSA-I-16|CN-NPS-FENT|note'

heading 'Ketamine in six jurisdictions'
"$subreg" check ketamine --on "$on" --jurisdiction UN --jurisdiction US --jurisdiction GB \
  --jurisdiction CA --jurisdiction CN --jurisdiction DE |
  paragraphs 2 'DE-.*|note'

heading 'A consignment of acetic anhydride without its pre-export notification'
"$subreg" ship docs/examples/acetic-anhydride.json

heading 'The same on pages, with structures drawn'
echo "make serve    then open http://127.0.0.1:$port/"
