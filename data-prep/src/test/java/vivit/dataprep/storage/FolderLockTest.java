package vivit.dataprep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  @TempDir java.nio.file.Path parent;
  private java.nio.file.Path folder;
  private FileSystem fs;

  @BeforeEach
  void open() throws IOException {
    fs = FileSystem.getLocal(new Configuration());
    folder = parent.resolve("run");
  }

  private FolderLock acquire() throws IOException {
    return FolderLock.acquire(fs, new Path(folder.toUri()), "prepare");
  }

  @Test
  void aSecondLockIsRefusedUntilTheFirstIsClosed() throws IOException {
    try (FolderLock first = acquire()) {
      first.ensureHeld();
      assertThatThrownBy(this::acquire)
          .isInstanceOf(FolderInUseException.class)
          .hasMessageContaining("is in use by prepare (process " + ProcessHandle.current().pid())
          .hasMessageContaining("since 2")
          .hasMessageContaining("wait until it ends, or choose another folder");
    }
    assertThat(folder.resolve("_lock")).doesNotExist();
    acquire().close();
  }

  @Test
  void aLockOfADeadProcessIsTakenOverAtOnce() throws IOException {
    LockHolder self = LockHolder.thisProcess("prepare");
    write(
        new LockHolder(
            self.host(),
            self.pid(),
            self.processStarted().minusSeconds(5),
            Instant.now(),
            "train",
            "t"));

    try (FolderLock lock = acquire()) {
      lock.ensureHeld();
    }
  }

  @Test
  void aLockOfAnotherHostIsTakenOverWhenItIsNotRenewed() throws IOException {
    write(new LockHolder("elsewhere", 1, Instant.EPOCH, Instant.now(), "train", "t"));
    assertThatThrownBy(this::acquire)
        .hasMessageContaining("is in use by train (process 1 on host elsewhere");

    age(FolderLock.STALE_AFTER.plusSeconds(5).toSeconds());
    acquire().close();
  }

  @Test
  void halfALockIsRefusedWhileItMayStillBeWritten() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("_lock"), "{\"host\"");
    assertThatThrownBy(this::acquire).hasMessageContaining("in use by an unknown process");

    age(FolderLock.STALE_AFTER.plusSeconds(5).toSeconds());
    acquire().close();
  }

  @Test
  void whoLostTheLockIsToldSo() throws IOException {
    try (FolderLock lock = acquire()) {
      write(new LockHolder("elsewhere", 1, Instant.EPOCH, Instant.now(), "train", "t"));
      assertThatThrownBy(lock::ensureHeld)
          .isInstanceOf(FolderInUseException.class)
          .hasMessageContaining("Lost the lock")
          .hasMessageContaining("to train (process 1 on host elsewhere");
    }
    assertThat(folder.resolve("_lock")).exists(); // not ours to delete
  }

  private void write(LockHolder holder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("_lock"), new String(holder.toJson(), StandardCharsets.UTF_8));
  }

  private void age(long seconds) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve("_lock"), FileTime.from(Instant.now().minusSeconds(seconds)));
  }
}
