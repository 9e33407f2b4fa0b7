-- AlterTable
ALTER TABLE "Queue" ADD COLUMN "isPaused" BOOLEAN NOT NULL DEFAULT false;
