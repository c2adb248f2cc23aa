"""Every sentence of data/listes.toml is said somewhere, and none is asked for that is not there."""

import ast
import re

from clsm_map.register.exchange import HELP
from clsm_map.register.vocabulary import SENTENCES, say
from clsm_map.settings import ROOT

SAID_FIRST = {"say", "refusal", "inform", "RefusedValueError"}
SAID_THIRD = {"refuse", "_refuse_all"}


class Said:
    """Whatever a sentence says."""

    def __getattr__(self, name):
        return name


def literals(node):
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)} - {None}


def calls():
    for path in (ROOT / "clsm_map" / "register").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node, ast.unparse(node.func).rpartition(".")[2]


def test_each_sentence_is_used():
    modules = (ROOT / "clsm_map" / "register").glob("*.py")
    written = set().union(*(literals(ast.parse(p.read_text(encoding="utf-8"))) for p in modules))
    assert SENTENCES.keys() - written == set()


def test_each_sentence_asked_for_is_there_with_its_words():
    asked = 0
    for node, name in calls():
        place = 0 if name in SAID_FIRST else 2 if name in SAID_THIRD else None
        if place is None or len(node.args) <= place:
            continue
        sentence = node.args[place]
        if isinstance(sentence, ast.Constant) and all(k.arg for k in node.keywords):
            assert say(sentence.value, **{k.arg: Said() for k in node.keywords})
            words = set(re.findall(r"\{(\w+)", SENTENCES[sentence.value]))
            assert {k.arg for k in node.keywords} == words
            asked += 1
    assert asked > 70


def test_sentences_have_no_stray_space():
    for text in (*SENTENCES.values(), *HELP.values()):
        assert text == " ".join(text.split())
