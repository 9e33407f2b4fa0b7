-- CreateTable
CREATE TABLE "Installation" (
    "identity" TEXT NOT NULL PRIMARY KEY,
    "movedTo" TEXT
);

-- CreateTable
CREATE TABLE "DeletedLog" (
    "logId" TEXT NOT NULL PRIMARY KEY,
    "deletedAtMs" BIGINT NOT NULL
);
