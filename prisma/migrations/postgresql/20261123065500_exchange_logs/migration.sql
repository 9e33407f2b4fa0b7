-- AlterTable
ALTER TABLE "Exchange" ADD COLUMN     "logId" TEXT NOT NULL DEFAULT '';
