-- Who may call the server. Servers read it every moment, and the command line
-- writes it beside them.

-- +goose Up
CREATE TABLE api_keys (
    name       TEXT    NOT NULL PRIMARY KEY,
    role       TEXT    NOT NULL,
    hash       BLOB    NOT NULL UNIQUE, -- SHA-256 of the secret
    created_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL         -- the unknown instant while it is valid
) STRICT, WITHOUT ROWID;
