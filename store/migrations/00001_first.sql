-- What indy keeps. Both SQLite and PostgreSQL read this file.
--
-- Instants are BIGINT, milliseconds since 1970 in UTC; 0 means "none". Documents are
-- JSON as TEXT: the program reads them, the database only carries them. What is asked
-- for by value has a column of its own.

-- +goose Up
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row for each organizer; version counts their commits.
CREATE TABLE organizers (
    id        TEXT   NOT NULL PRIMARY KEY,
    team      TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    wake      BIGINT NOT NULL,
    committed BIGINT NOT NULL,
    desk      TEXT   NOT NULL,
    cursors   TEXT   NOT NULL
);

CREATE TABLE standings (
    organizer TEXT NOT NULL,
    person    TEXT NOT NULL,
    doc       TEXT NOT NULL,
    PRIMARY KEY (organizer, person)
);

-- Open rounds, and of each person the last one that was closed.
CREATE TABLE one_to_ones (
    organizer TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    round     BIGINT NOT NULL,
    closed    BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (organizer, id)
);

-- Closed rounds that a later closed one followed: a record.
CREATE TABLE past_one_to_ones (
    organizer TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    round     BIGINT NOT NULL,
    closed    BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (organizer, id)
);

CREATE TABLE steps (
    organizer TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    settled   BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (organizer, id)
) /*sqlite WITHOUT ROWID */;

-- (version, ord) is the commit that wrote a row, and its place in it: what came first.
CREATE TABLE history (
    organizer TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    ord       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (organizer, person, version, ord)
) /*sqlite WITHOUT ROWID */;

-- The ledger: every effect that was ever decided, once. settled is 0 as long as it is to
-- be delivered, so that the index over the rest is the outbox.
CREATE TABLE effects (
    organizer TEXT   NOT NULL,
    key       TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    ord       BIGINT NOT NULL,
    person    TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    lane      TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    tries     BIGINT NOT NULL,
    next      BIGINT NOT NULL,
    settled   BIGINT NOT NULL,
    ref       TEXT   NOT NULL,
    cause     TEXT   NOT NULL,
    result    TEXT   NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (organizer, key)
);
CREATE INDEX effects_outbox ON effects (organizer, version, ord) WHERE settled = 0;

-- The final bytes of mails; dropped some time after they have gone.
CREATE TABLE bodies (
    organizer TEXT  NOT NULL,
    key       TEXT  NOT NULL,
    raw       BYTEA NOT NULL,
    PRIMARY KEY (organizer, key)
);

-- By what name (Message-ID, token, the provider's thread) an answer may mean which effect.
CREATE TABLE threads (
    organizer TEXT NOT NULL,
    name      TEXT NOT NULL,
    key       TEXT NOT NULL,
    PRIMARY KEY (organizer, name)
) /*sqlite WITHOUT ROWID */;

-- Inbound items that were handled.
CREATE TABLE seen (
    organizer TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (organizer, id)
) /*sqlite WITHOUT ROWID */;

-- Who of a team writes to a person now, and who must never be written to. A person is a
-- keyed hash of an address.
CREATE TABLE claims (
    team      TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    organizer TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (team, person)
) /*sqlite WITHOUT ROWID */;

CREATE TABLE do_not_write (
    team   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (team, person)
) /*sqlite WITHOUT ROWID */;

-- Decisions that are durable but not yet filed in the tables above: one short write each,
-- then filed many at a time. Only SQLite uses it; PostgreSQL files at once.
CREATE TABLE journal (
    id   INTEGER NOT NULL PRIMARY KEY,
    body BYTEA   NOT NULL
);
