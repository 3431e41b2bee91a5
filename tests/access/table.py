"""The one written expectation: who may see and change what. Nothing here is taken from the code.

Sources: the roles as they were asked for ("a member sees and edits its own organisation's records, an editor
all of its cluster's"; managers sign, configure and look after people), EXCHANGE.md section 11 for what came
over the bridge, and the levels of a record from nobody to the public.
"""

from typing import NamedTuple

ROLES = ("public", "reader", "member of the owner", "member of another", "editor", "manager", "operator")
EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {"public"}
TEAM = frozenset({"editor", "manager", "operator"})
MANAGERS = TEAM - {"editor"}
MEMBERS = TEAM | {"member of the owner", "member of another"}
OWNER = TEAM | {"member of the owner"}
NOBODY: frozenset[str] = frozenset()
ASKERS = MEMBERS - {"editor"}  # organisations ask through their members, clusters through their managers
INVOLVED = ASKERS - {"member of another"}  # in the one introduction of this world

SEES = {
    # own records that are published, to …
    "private": OWNER,
    "members": MEMBERS,
    "named": MEMBERS,
    "agreements": MEMBERS,
    "public": EVERYONE,
    # own records that are not, or no longer, out
    "draft": OWNER,
    "on-hold": OWNER,
    "expired": OWNER,
    # records of the partner, by what may be passed on (EXCHANGE.md section 12)
    "received-none": TEAM,
    "received-members": MEMBERS,
    "received-public": EVERYONE,
    # the agreement under which it came is over
    "ended": NOBODY,
}
RECEIVED_LEVELS = ("received-none", "received-members", "received-public", "ended")
OWN_LEVELS = tuple(level for level in SEES if level not in RECEIVED_LEVELS)
UNPUBLISHED = ("draft", "on-hold", "expired")
PAIRS = (  # of matches: a record of one's own and one of the partner's
    ("private", "received-public"),
    ("members", "received-members"),
    ("public", "received-none"),
    ("public", "received-members"),
    ("public", "received-public"),
    ("public", "ended"),
)
PUBLISHED = tuple(level for level in SEES if level not in UNPUBLISHED)


class Page(NamedTuple):
    """Who gets a page, and who may send its form; all others are refused.

    `gets` empty and `sends` not: the address takes forms only. `of` says what the address is about:
    "" nothing or anything, "record" one record of some level, "match" a pair of them, "organisation" a
    public one of this node.
    `proof`: whoever may, is first asked for the password once more.
    """

    gets: frozenset[str] = EVERYONE
    sends: frozenset[str] = NOBODY
    of: str = ""
    proof: bool = False


# Of one record: further narrowed by SEES of its level; partners' records are read, never edited.
READ, EDIT = Page(of="record"), Page(OWNER, OWNER, of="record")

PAGES = {
    "home": Page(),
    "best": Page(),
    # search and matches: a match is seen by those who may see both of its records
    "matching:search": Page(),
    "matching:matches": Page(),
    "matching:match": Page(of="match"),
    "matching:phrases": Page(of="match"),
    "matching:for-record": Page(of="record"),
    "matching:save-search": Page(NOBODY, SIGNED_IN),
    "matching:saved": Page(SIGNED_IN),
    "matching:saved-end": Page(EVERYONE, EVERYONE),  # whoever has the address from the mail
    "matching:terms": Page(TEAM),
    "matching:term-new": Page(TEAM, TEAM),
    "matching:term": Page(TEAM, TEAM),
    "matching:term-proposal": Page(TEAM, TEAM),
    "matching:term-undo": Page(NOBODY, TEAM),
    "matching:decide": Page(NOBODY, MEMBERS, of="match"),
    "matching:pass": Page(NOBODY, MEMBERS, of="match"),
    # introductions: the two organisations and the managers, nobody else
    "introductions:board": Page(ASKERS),
    "introductions:waiting": Page(ASKERS),
    "introductions:ask": Page(ASKERS, ASKERS),
    "introductions:disclosures": Page(ASKERS),
    "introductions:thread": Page(INVOLVED, INVOLVED),
    "introductions:invitation": Page(INVOLVED),
    "introductions:wording": Page(INVOLVED, INVOLVED),
    "introductions:for-record": READ,
    "introductions:from-match": Page(of="match"),
    # import: by the team, and by members for their own organisation; an upload is its uploader's alone
    # missions: of the clusters and their members; each side writes its own part, the host's team plans
    "missions:index": Page(),
    "missions:new": Page(TEAM, TEAM),
    "missions:mission": Page(MEMBERS),
    "missions:edit": Page(TEAM, TEAM),
    "missions:join": Page(MEMBERS, MEMBERS),
    "missions:wishes": Page(OWNER, OWNER),
    "missions:leave": Page(NOBODY, OWNER),
    "missions:schedule": Page(TEAM, TEAM),
    "missions:talk": Page(TEAM, TEAM),
    "missions:bring": Page(MEMBERS, MEMBERS),
    "missions:company": Page(OWNER),
    "missions:company-calendar": Page(OWNER),
    "missions:table": Page(TEAM),
    "missions:table-calendar": Page(TEAM),
    "missions:export": Page(MEMBERS),
    "missions:note": Page(OWNER, OWNER),
    "missions:introduce": Page(OWNER, OWNER),
    "importers:index": Page(MEMBERS, MEMBERS),
    "importers:blank": Page(MEMBERS),
    "importers:upload": Page(frozenset({"editor"}), frozenset({"editor"})),
    "importers:decide": Page(NOBODY, frozenset({"editor"})),
    "importers:confirm": Page(NOBODY, frozenset({"editor"})),
    "importers:forget": Page(NOBODY, frozenset({"editor"})),
    # records
    "records:organisations": Page(),
    "records:alike": Page(TEAM, TEAM),
    "records:list": Page(),
    "records:own": Page(MEMBERS),
    "records:new": Page(MEMBERS, MEMBERS),
    "records:record": READ,
    "records:revisions": Page(OWNER, of="record"),
    "records:edit": EDIT,
    "records:level": EDIT,
    "records:change": Page(NOBODY, OWNER, of="record"),
    "records:erase": Page(MANAGERS, MANAGERS, of="record"),
    "quality:for-record": Page(OWNER, of="record"),
    "proving:take": Page(NOBODY, TEAM),  # a form only: whoever takes a proof is noted
    # is it an SME?
    "sme:status": Page(of="organisation"),
    "sme:for-organisation": Page(of="organisation"),
    "sme:accounts": Page(OWNER, OWNER, of="organisation"),
    "sme:company": Page(OWNER, OWNER, of="organisation"),
    "sme:holding": Page(OWNER, OWNER, of="organisation"),
    "sme:rate": Page(TEAM, TEAM, of="organisation"),
    "sme:retire": Page(NOBODY, OWNER, of="organisation"),
    # what is said of a practice: who may read the practice; to speak one speaks for an organisation
    "practices:for-record": Page(),
    "practices:say": Page(MEMBERS - {"editor"}, MEMBERS - {"editor"}),
    # the report: everyone, with the numbers of what each may know of
    "reports:latest": Page(),
    "reports:report": Page(),
    "reports:evidence": Page(),
    "reports:companies": Page(),
    "reports:introductions": Page(),
    "reports:spreadsheet": Page(),
    "reports:paper": Page(),
    # agreements: what is in force may be read by everyone; drafts and partners are the team's
    "agreements:list": Page(),
    "agreements:overview": Page(),
    "agreements:detail": Page(),
    "agreements:document": Page(),
    "agreements:partners": Page(TEAM),
    "agreements:partner": Page(TEAM, MANAGERS),
    "agreements:partner-add": Page(MANAGERS, MANAGERS),
    "agreements:partner-suspend": Page(NOBODY, MANAGERS),
    "agreements:propose": Page(MANAGERS, MANAGERS),
    "agreements:sign": Page(MANAGERS, MANAGERS, of="draft"),
    "agreements:amend": Page(MANAGERS, MANAGERS),
    "agreements:end": Page(MANAGERS, MANAGERS),
    "agreements:withdraw": Page(NOBODY, MANAGERS, of="draft"),
    "agreements:suspend": Page(NOBODY, MANAGERS),
    "agreements:retry": Page(NOBODY, MANAGERS),
    # exchange
    "exchange:partners": Page(),
    "exchange:recalls": Page(TEAM),
    "exchange:agreement-state": Page(),
    "exchange:own-keys": Page(TEAM),
    "exchange:keys": Page(TEAM),
    "exchange:confirm-root": Page(NOBODY, MANAGERS),
    "recovery:next-log": Page(MANAGERS, MANAGERS),
    # outlets: what is public, for everyone and the same for everyone
    "outlets:about": Page(),
    "outlets:atom": Page(),
    "outlets:json": Page(),
    "oai": Page(EVERYONE, EVERYONE),
    "oai-schema": Page(),
    # people
    "accounts:settings": Page(SIGNED_IN, SIGNED_IN),
    "accounts:own-data": Page(SIGNED_IN),
    "accounts:leave": Page(SIGNED_IN, SIGNED_IN, proof=True),
    "accounts:people": Page(MANAGERS),
    "accounts:invite": Page(MANAGERS, MANAGERS),
    "accounts:person": Page(MANAGERS, MANAGERS),
    "accounts:set-active": Page(NOBODY, MANAGERS),
    "accounts:send-link": Page(NOBODY, MANAGERS),
    "audit:entries": Page(MANAGERS),
    # sign-in: what a stranger needs is shown to strangers, what concerns an account to its owner
    "account_login": Page(frozenset({"public"}), EVERYONE),
    "account_signup": Page(frozenset({"public"}), EVERYONE),
    "account_logout": Page(SIGNED_IN, EVERYONE),
    "account_inactive": Page(),
    "account_reauthenticate": Page(SIGNED_IN, SIGNED_IN),
    "account_email": Page(SIGNED_IN, SIGNED_IN),
    "account_email_verification_sent": Page(),
    "account_change_password": Page(SIGNED_IN, SIGNED_IN),
    "account_set_password": Page(NOBODY, SIGNED_IN),
    "account_reset_password": Page(EVERYONE, EVERYONE),
    "account_reset_password_done": Page(),
    "account_reset_password_from_key": Page(EVERYONE, EVERYONE),
    "account_reset_password_from_key_done": Page(),
    "account_confirm_email": Page(EVERYONE, EVERYONE),
    "account_confirm_login_code": Page(NOBODY, EVERYONE),
    "mfa_index": Page(SIGNED_IN),
    "mfa_authenticate": Page(NOBODY, EVERYONE),
    "mfa_reauthenticate": Page(NOBODY, SIGNED_IN),
    "mfa_activate_totp": Page(SIGNED_IN, SIGNED_IN, proof=True),
    "mfa_deactivate_totp": Page(NOBODY, SIGNED_IN),
    "mfa_view_recovery_codes": Page(NOBODY),
    "mfa_generate_recovery_codes": Page(SIGNED_IN, SIGNED_IN, proof=True),
    "mfa_download_recovery_codes": Page(NOBODY),
}

# Addresses without a name: the door, the pulse, and the exchange, which answers nobody without a signature.
UNNAMED = {"": 302, "healthz": 200, ".well-known/kx": 200}
SIGNED_ONLY = "kx/v1/"
