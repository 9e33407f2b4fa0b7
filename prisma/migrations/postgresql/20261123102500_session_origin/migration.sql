-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "remoteAddress" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "userAgent" TEXT NOT NULL DEFAULT '';
