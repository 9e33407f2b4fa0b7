-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN     "after" TEXT,
ADD COLUMN     "before" TEXT;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "limits" TEXT NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "Vhost" ADD COLUMN     "defaultQueueType" TEXT,
ADD COLUMN     "limits" TEXT NOT NULL DEFAULT '{}',
ADD COLUMN     "protectedFromDeletion" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "tags" TEXT NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "TopicPermission" (
    "user" TEXT NOT NULL,
    "vhost" TEXT NOT NULL,
    "exchange" TEXT NOT NULL,
    "write" TEXT NOT NULL,
    "read" TEXT NOT NULL,

    CONSTRAINT "TopicPermission_pkey" PRIMARY KEY ("user","vhost","exchange")
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

    CONSTRAINT "Policy_pkey" PRIMARY KEY ("kind","vhost","name")
);

-- CreateTable
CREATE TABLE "GlobalParameter" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "GlobalParameter_pkey" PRIMARY KEY ("name")
);
