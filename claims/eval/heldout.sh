#!/usr/bin/env bash
# Verdicts on scenarios that the trees of claims/match were not grown from: each
# ninth of them is answered by a program with trees grown from the others.
#
#   claims/eval/heldout.sh ../shared/eval
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
eval=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

go run ./claims/eval/weigh -in "$eval/scenarios/dev" -folds "$work"
scenarios=("$eval"/scenarios/dev/*.json)
for k in {0..8}; do
  mkdir "$work/$k"
  for i in "${!scenarios[@]}"; do
    if ((i % 9 == k)); then cp "${scenarios[$i]}" "$work/$k/"; fi
  done
  printf '{"Replace": {"%s": "%s"}}' "$PWD/claims/match/trees.bin" "$work/$k.bin" > "$work/overlay.json"
  go build -overlay "$work/overlay.json" -o "$work/predict" ./claims/eval/predict
  "$work/predict" -suite scenarios -in "$work/$k" -out "$work/$k.jsonl"
  cat "$work/$k.jsonl" >> "$work/pred.jsonl"
done
cd "$eval" && go run ./scenarios/score -gold scenarios/dev -pred "$work/pred.jsonl"
