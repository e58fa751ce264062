// The queue's tables.

import type { Tables } from '../database'

export const jobTables: Tables = {
  module: 'jobs',
  steps: [
    `CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    position REAL NOT NULL,
    created TEXT NOT NULL,
    started TEXT,
    finished TEXT,
    estimate TEXT NOT NULL,
    error TEXT,
    result TEXT,
    files TEXT,
    place TEXT
  ) STRICT;
  CREATE TABLE losses (job TEXT NOT NULL, step INTEGER NOT NULL, losses TEXT NOT NULL, PRIMARY KEY (job, step)) STRICT, WITHOUT ROWID;
  CREATE TABLE measurements (kind TEXT NOT NULL, work TEXT NOT NULL, seconds REAL NOT NULL, memory REAL NOT NULL) STRICT;
  CREATE TABLE queue (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  ],
}
