-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN "after" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "before" TEXT;

-- CreateTable
CREATE TABLE "TopicPermission" (
    "user" TEXT NOT NULL,
    "vhost" TEXT NOT NULL,
    "exchange" TEXT NOT NULL,
    "write" TEXT NOT NULL,
    "read" TEXT NOT NULL,

    PRIMARY KEY ("user", "vhost", "exchange")
);

-- CreateTable
CREATE TABLE "Policy" (
    "kind" TEXT NOT NULL,
    "vhost" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "pattern" TEXT NOT NULL,
    "applyTo" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "definition" TEXT NOT NULL,

    PRIMARY KEY ("kind", "vhost", "name")
);

-- CreateTable
CREATE TABLE "GlobalParameter" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_User" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "passwordHash" TEXT NOT NULL,
    "hashingAlgorithm" TEXT NOT NULL,
    "tags" JSONB NOT NULL,
    "limits" TEXT NOT NULL DEFAULT '{}'
);
INSERT INTO "new_User" ("hashingAlgorithm", "name", "passwordHash", "tags") SELECT "hashingAlgorithm", "name", "passwordHash", "tags" FROM "User";
DROP TABLE "User";
ALTER TABLE "new_User" RENAME TO "User";
CREATE TABLE "new_Vhost" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "description" TEXT NOT NULL,
    "tags" TEXT NOT NULL DEFAULT '[]',
    "defaultQueueType" TEXT,
    "protectedFromDeletion" BOOLEAN NOT NULL DEFAULT false,
    "limits" TEXT NOT NULL DEFAULT '{}'
);
INSERT INTO "new_Vhost" ("description", "name") SELECT "description", "name" FROM "Vhost";
DROP TABLE "Vhost";
ALTER TABLE "new_Vhost" RENAME TO "Vhost";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
