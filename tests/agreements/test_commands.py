"""`kakehashi agreement …`: what a manager does at the terminal, and signing where there is no node at all."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings
from typer.testing import CliRunner

from kakehashi.agreements import cards, own, queries, signatures
from kakehashi.agreements.commands import app
from kakehashi.agreements.models import Agreement, Partner
from kakehashi.agreements.terms import State
from kakehashi.errors import BadProof, Conflict, InvalidInput, KakehashiError, NodeMisconfigured, NotFound
from kakehashi.signing import canonical, proof
from kakehashi.signing.keyring import read_key, write_key
from kakehashi.signing.keys import fingerprint
from tests.agreements import partnership
from tests.agreements.parties import KYOTO, MUNICH, OSAKA, bilateral, card
from tests.agreements.partnership import HERE, THERE
from tests.home import MUNICH as HOME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]


def run(*arguments):
    """What the command prints; its errors are raised as the command line's entry point would see them."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, KakehashiError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def file(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_root_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "root.key"
    public = run("root-key", path).split()[0]
    assert read_key(path).public == public
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict):
        run("root-key", path)
    path.chmod(0o644)
    with pytest.raises(NodeMisconfigured):
        read_key(path)


def test_the_card_can_be_read_by_the_partner():
    read = cards.read(run("card"))
    assert (read["node"], read["root"]) == (HERE, [MUNICH.public])


def test_a_node_without_its_private_root_key_names_the_public_one_from_a_file(tmp_path):
    node = replace(HOME, folder=tmp_path, demo=False)
    with pytest.raises(NodeMisconfigured):
        own.root_keys(node)
    node.key_folder.mkdir()
    (node.key_folder / "root.pub").write_text(KYOTO.public + "\n")
    assert own.card(node)["root"] == [KYOTO.public]


def test_a_partner_is_added_and_confirmed_with_the_fingerprint_read_aloud(tmp_path):
    path = file(tmp_path, "card.json", cards.write(card()).encode())
    assert fingerprint(OSAKA.public) in run("partner-add", path)
    assert Partner.objects.get().fingerprint_confirmed_at is None
    with pytest.raises(InvalidInput):
        run("partner-add", path, "--fingerprint", fingerprint(KYOTO.public))
    run("partner-add", path, "--fingerprint", fingerprint(OSAKA.public))
    assert Partner.objects.get().fingerprint_confirmed_at is not None


def test_a_proposal_is_listed_shown_and_signed_in_the_demonstration(now, tmp_path):
    partnership.partner(now)
    out = tmp_path / "agreement.json"
    hash = run(
        "propose", THERE, "--from", "2026-11-01", "--kind", "offer", "--level", "GREEN", "--out", out
    ).strip()
    assert proof.document_hash(canonical.decode(out.read_bytes().strip(), limit=10**6)) == hash
    (row,) = json.loads(run("list", "--json"))
    assert (row["hash"], row["state"], row["signed_by"]) == (hash, "proposed", [])
    run("sign", hash)
    shown = json.loads(run("show", hash[7:17], "--json"))
    assert shown["signed_by"] == [HERE]
    assert shown["document"]["grants"][0]["kinds"] == ["offer"]
    assert "New technologies" in run("show", hash)


def test_a_proposal_with_a_kind_that_does_not_exist_is_refused(now):
    partnership.partner(now)
    with pytest.raises(InvalidInput):
        run("propose", THERE, "--from", "2026-11-01", "--kind", "gossip")
    assert not Agreement.objects.exists()


def test_signing_needs_no_node_and_its_proof_is_accepted_by_the_node(now, tmp_path):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    document = file(tmp_path, "agreement.json", canonical.encode(agreement.document))
    key, out = tmp_path / "root.key", tmp_path / "proof.json"
    write_key(key, MUNICH)
    nowhere = {name: value for name, value in os.environ.items() if not name.startswith("KAKEHASHI_")}
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from kakehashi.agreements.commands import app; app()",
            *("sign", str(document), "--key", str(key), "--out", str(out)),
        ],
        check=True,
        env={**nowhere, "KAKEHASHI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kakehashi.settings"},
        timeout=300,
    )
    run("upload", out, "--hash", agreement.hash)
    assert [row.node for row in queries.proofs(partnership.MANAGER, agreement)] == [HERE]


def test_a_stranger_cannot_sign_and_a_damaged_document_is_not_signed(tmp_path, now):
    stranger, ours = tmp_path / "stranger.key", tmp_path / "root.key"
    write_key(stranger, KYOTO)
    write_key(ours, MUNICH)
    good = file(tmp_path, "good.json", canonical.encode(bilateral()))
    bad = file(tmp_path, "bad.json", canonical.encode(bilateral())[:-1] + b" }")
    with pytest.raises(InvalidInput):
        run("sign", good, "--key", stranger)
    with pytest.raises(InvalidInput):
        run("sign", bad, "--key", ours)
    with pytest.raises(NotFound):
        run("sign", good, "--key", tmp_path / "none.key")
    with pytest.raises(NotFound):
        run("sign", tmp_path / "none.json", "--key", ours)
    with pytest.raises(NotFound):
        run("root-key", tmp_path / "no" / "folder" / "root.key")
    with pytest.raises(NotFound):
        run("sign", good, "--key", ours, "--out", tmp_path / "no" / "folder")


def test_the_demonstration_ends_an_agreement_at_once(now):
    agreement = partnership.active(now)
    with pytest.raises(InvalidInput):
        run("end", agreement.hash, "--on", "2026-12-24")
    run("end", agreement.hash, "--on", "2026-11-22", "--cause")
    agreement.refresh_from_db()
    assert agreement.state == State.ENDED


def test_elsewhere_the_termination_is_written_signed_and_uploaded(now, tmp_path, monkeypatch):
    agreement = partnership.active(now)
    monkeypatch.setattr(settings, "NODE", replace(HOME, demo=False))
    unsigned, signed, key = tmp_path / "t.json", tmp_path / "signed.json", tmp_path / "root.key"
    write_key(key, MUNICH)
    run("end", agreement.hash, "--on", "2027-06-30", "--out", unsigned)
    run("sign", unsigned, "--key", key, "--out", signed)
    run("upload", signed)
    (ending,) = queries.terminations(partnership.MANAGER, agreement)
    assert f"{ending.effective:%Y-%m-%d}" == "2027-06-30"
    proof.verify(ending.document, ending.document["proof"][0], MUNICH.public)
    with pytest.raises(BadProof):
        proof.verify(ending.document, ending.document["proof"][0], OSAKA.public)
    assert signatures.method(HERE) == ending.document["proof"][0]["verificationMethod"]


def test_every_command_shows_an_example_in_its_help():
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert {"partner-add", "propose", "list", "show", "sign", "upload", "end"} <= set(names)
    for name in names:
        assert f"kakehashi agreement {name}" in " ".join(
            CliRunner().invoke(app, [name, "--help"]).stdout.split()
        )
