-- AlterTable
ALTER TABLE "Session" ADD COLUMN "remoteAddress" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Session" ADD COLUMN "userAgent" TEXT NOT NULL DEFAULT '';
