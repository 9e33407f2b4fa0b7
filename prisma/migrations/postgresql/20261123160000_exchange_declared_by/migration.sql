-- AlterTable
ALTER TABLE "Exchange" ADD COLUMN     "declaredBy" TEXT NOT NULL DEFAULT '';
