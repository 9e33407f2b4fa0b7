-- CreateTable
CREATE TABLE "Vhost" (
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "Vhost_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "User" (
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "hashingAlgorithm" TEXT NOT NULL,
    "tags" JSONB NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Permission" (
    "user" TEXT NOT NULL,
    "vhost" TEXT NOT NULL,
    "configure" TEXT NOT NULL,
    "write" TEXT NOT NULL,
    "read" TEXT NOT NULL,

    CONSTRAINT "Permission_pkey" PRIMARY KEY ("user","vhost")
);

-- CreateTable
CREATE TABLE "Exchange" (
    "vhost" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "autoDelete" BOOLEAN NOT NULL,
    "internal" BOOLEAN NOT NULL,
    "arguments" BYTEA NOT NULL,

    CONSTRAINT "Exchange_pkey" PRIMARY KEY ("vhost","name")
);

-- CreateTable
CREATE TABLE "Queue" (
    "vhost" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "logId" TEXT NOT NULL,
    "autoDelete" BOOLEAN NOT NULL,
    "arguments" BYTEA NOT NULL,

    CONSTRAINT "Queue_pkey" PRIMARY KEY ("vhost","name")
);

-- CreateTable
CREATE TABLE "Binding" (
    "vhost" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "destinationType" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "routingKey" TEXT NOT NULL,
    "argumentsHash" TEXT NOT NULL,
    "arguments" BYTEA NOT NULL,

    CONSTRAINT "Binding_pkey" PRIMARY KEY ("vhost","source","destinationType","destination","routingKey","argumentsHash")
);

-- CreateTable
CREATE TABLE "Session" (
    "tokenHash" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "user" TEXT NOT NULL,
    "remoteAddress" TEXT,
    "action" TEXT NOT NULL,
    "vhost" TEXT,
    "object" TEXT,
    "detail" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Queue_logId_key" ON "Queue"("logId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");
