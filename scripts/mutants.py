#!/usr/bin/env python3
"""Changes the rules of `domain` a line at a time, and says which changes no test of theirs notices.

    scripts/mutants.py [TESTS…]

cargo-mutants says which changes there are (`cargo install cargo-mutants`; `.cargo/mutants.toml`
says where). It would build the crate once for each. Here all of them go into one program, each as
another body of its function, chosen by a variable of the environment: hundreds are tried in a minute
or two.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
COPY = TARGET / "mutants"
CRATE = "crates/domain"
MARK = re.compile(r"/\*mutant (\d+)\*/")
CHOICE = """
/// Which change is made; none without the variable.
pub fn mutant() -> usize {
    static CHOSEN: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let said = std::env::var("MUTANT").ok();
        said.and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
    })
}
"""


def listed():
    """The changes, in cargo-mutants' words."""
    command = ["cargo", "mutants", "--list", "--json", "--package", "domain", "--dir", ROOT]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def with_bodies(text, mutants):
    """The file with another body of its function for each of these changes."""
    starts = [0] + [at + 1 for at, letter in enumerate(text) if letter == "\n"]
    place = lambda point: starts[point["line"] - 1] + point["column"] - 1
    functions = defaultdict(list)
    for number, mutant in mutants:
        span = mutant["function"]["span"]
        functions[place(span["start"]), place(span["end"])].append((number, mutant["span"], mutant))
    for (start, end), changes in sorted(functions.items(), reverse=True):
        body = text.index("{", text.index("fn ", start))
        arms = []
        for number, span, mutant in changes:
            before, after = text[body : place(span["start"])], text[place(span["end"]) : end]
            changed = f"{before} {mutant['replacement']} {after}"
            changed = re.sub(r"//[^\n]*", "", changed).replace("\n", " ")
            arms.append(f"{number} => /*mutant {number}*/ {changed},\n")
        arms = "".join(arms)
        whole = f"{{ match crate::mutant() {{\n{arms}_ => {text[body:end]} }} }}"
        text = text[:body] + whole + text[end:]
    return text


def built(mutants):
    """The program with these changes; or none, and the changes that do not compile."""
    shutil.rmtree(COPY / CRATE, ignore_errors=True)
    shutil.copytree(ROOT / CRATE, COPY / CRATE)
    manifest = (ROOT / "Cargo.toml").read_text()
    (COPY / "Cargo.toml").write_text(manifest.replace('"crates/*"', f'"{CRATE}"'))
    shutil.copy(ROOT / "Cargo.lock", COPY / "Cargo.lock")
    files = defaultdict(list)
    for number, mutant in mutants.items():
        files[mutant["file"]].append((number, mutant))
    for file, some in files.items():
        (COPY / file).write_text(with_bodies((ROOT / file).read_text(), some))
    with (COPY / CRATE / "src/lib.rs").open("a") as library:
        library.write(CHOICE)
    command = ["cargo", "test", "--package", "domain", "--lib", "--no-run"]
    command += ["--message-format", "json", "--target-dir", COPY / "target"]
    flags = {**os.environ, "RUSTFLAGS": "--cap-lints allow"}
    done = subprocess.run(command, cwd=COPY, env=flags, capture_output=True, text=True)
    program, wrong, said = None, set(), []
    for line in done.stdout.splitlines():
        message = json.loads(line)
        program = message.get("executable") or program
        error = message.get("message") or {}
        if not isinstance(error, dict) or error.get("level") != "error":
            continue
        said.append(error["rendered"])
        for span in error["spans"]:
            line = (COPY / span["file_name"]).read_text().split("\n")[span["line_start"] - 1]
            found = MARK.search(line)
            if span["is_primary"] and found:
                wrong.add(int(found.group(1)))
    if done.returncode == 0:
        return program, wrong
    if not wrong:
        sys.exit("".join(said) or done.stderr)
    return None, wrong


def main():
    every = dict(enumerate(listed()))
    # What is no function's is not changed while a program runs.
    fixed = [mutant["name"] for mutant in every.values() if not mutant["function"]]
    mutants = {number: one for number, one in every.items() if one["function"]}
    program = None
    while program is None:
        program, wrong = built(mutants)
        mutants = {number: one for number, one in mutants.items() if number not in wrong}
    tries = {**os.environ, "PROPTEST_CASES": os.environ.get("PROPTEST_CASES", "64")}
    command = [program, "--quiet", *sys.argv[1:]]
    whole = subprocess.run(command, cwd=COPY / CRATE, env=tries, capture_output=True, text=True)
    if whole.returncode != 0:
        sys.exit(f"the tests fail without any change:\n{whole.stdout}")
    lived = []
    for number, mutant in mutants.items():
        env = {**tries, "MUTANT": str(number)}
        try:
            run = subprocess.run(
                command, cwd=COPY / CRATE, env=env, capture_output=True, timeout=120
            )
        except subprocess.TimeoutExpired:
            continue  # it never ends: that is noticed
        if run.returncode == 0:
            lived.append(mutant["name"])
            print("lived:", mutant["name"], flush=True)
    for name in fixed:
        print("not tried:", name)
    noticed = len(mutants) - len(lived)
    print(f"{len(every)} changes, {len(every) - len(fixed) - len(mutants)} do not compile")
    print(f"{noticed} of {len(mutants)} noticed ({100 * noticed / len(mutants):.1f} %)")
    sys.exit(1 if lived else 0)


main()
