-- CreateTable
CREATE TABLE "Installation" (
    "identity" TEXT NOT NULL,
    "movedTo" TEXT,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("identity")
);

-- CreateTable
CREATE TABLE "DeletedLog" (
    "logId" TEXT NOT NULL,
    "deletedAtMs" BIGINT NOT NULL,

    CONSTRAINT "DeletedLog_pkey" PRIMARY KEY ("logId")
);
