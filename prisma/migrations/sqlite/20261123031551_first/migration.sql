-- CreateTable
CREATE TABLE "Vhost" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "description" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "User" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "passwordHash" TEXT NOT NULL,
    "hashingAlgorithm" TEXT NOT NULL,
    "tags" JSONB NOT NULL
);

-- CreateTable
CREATE TABLE "Permission" (
    "user" TEXT NOT NULL,
    "vhost" TEXT NOT NULL,
    "configure" TEXT NOT NULL,
    "write" TEXT NOT NULL,
    "read" TEXT NOT NULL,

    PRIMARY KEY ("user", "vhost")
);

-- CreateTable
CREATE TABLE "Exchange" (
    "vhost" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "autoDelete" BOOLEAN NOT NULL,
    "internal" BOOLEAN NOT NULL,
    "arguments" BLOB NOT NULL,

    PRIMARY KEY ("vhost", "name")
);

-- CreateTable
CREATE TABLE "Queue" (
    "vhost" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "logId" TEXT NOT NULL,
    "autoDelete" BOOLEAN NOT NULL,
    "arguments" BLOB NOT NULL,

    PRIMARY KEY ("vhost", "name")
);

-- CreateTable
CREATE TABLE "Binding" (
    "vhost" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "destinationType" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "routingKey" TEXT NOT NULL,
    "argumentsHash" TEXT NOT NULL,
    "arguments" BLOB NOT NULL,

    PRIMARY KEY ("vhost", "source", "destinationType", "destination", "routingKey", "argumentsHash")
);

-- CreateTable
CREATE TABLE "Session" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "user" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "user" TEXT NOT NULL,
    "remoteAddress" TEXT,
    "action" TEXT NOT NULL,
    "vhost" TEXT,
    "object" TEXT,
    "detail" TEXT NOT NULL,
    "outcome" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "Queue_logId_key" ON "Queue"("logId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");
