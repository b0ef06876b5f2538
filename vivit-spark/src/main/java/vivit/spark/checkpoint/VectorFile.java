package vivit.spark.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.KeepOpenOutput;
import vivit.dataprep.storage.Links;
import vivit.dataprep.storage.Sha256;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.ParameterFile;
import vivit.model.parameter.ParameterIndex;

/** Writes and reads a flat vector as a safetensors file with known size and checksum. */
final class VectorFile {
  private static final int BUFFER = 1 << 20;

  private VectorFile() {}

  /** Writes a new file; its bytes have reached the disk on return. */
  static CheckpointState.Proof write(
      FileSystem fs, Path path, ParameterIndex index, ParameterFile.Source vector, long step)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    try (FSDataOutputStream file = fs.create(path, false)) {
      OutputStream out =
          new BufferedOutputStream(
              new DigestOutputStream(new KeepOpenOutput(file), digest), BUFFER);
      ParameterFile.write(index, finite(path, vector), out, Map.of("step", Long.toString(step)));
      file.hsync();
    }
    return new CheckpointState.Proof(fs.getFileStatus(path).getLen(), Sha256.hex(digest));
  }

  /** Refuses NaN and infinity, which would stay in the run for good. */
  private static ParameterFile.Source finite(Path path, ParameterFile.Source vector) {
    return (offset, into) -> {
      vector.read(offset, into);
      for (int i = 0; i < into.length; i++) {
        if (!Float.isFinite(into[i])) {
          throw new IOException(
              "Cannot write %s: value %d is %s, expected a finite number"
                  .formatted(path, offset + i, into[i]));
        }
      }
    };
  }

  /**
   * Reads a file and compares it with the size and checksum in the state.
   *
   * @throws CorruptCheckpointException if it differs from them, or cannot be read
   */
  static void read(
      FileSystem fs,
      Path path,
      ParameterIndex index,
      CheckpointState.Proof proof,
      ParameterFile.Sink vector)
      throws IOException {
    checkSize(fs, path, proof);
    if (proof.bytes() / Float.BYTES < index.length()) { // before the vector takes its memory
      throw new CorruptCheckpointException(
          String.format(
              "Cannot read %s: it has %d bytes, too few for the %d values of its model",
              path, proof.bytes(), index.length()));
    }
    MessageDigest digest = Sha256.digest();
    Exception problem = null;
    try (InputStream in =
        new DigestInputStream(new BufferedInputStream(fs.open(path), BUFFER), digest)) {
      try {
        ParameterFile.read(index, new UntilClosed(in), path.toString(), vector);
      } catch (IOException | RuntimeException failed) { // by damage, unless the checksum is right
        problem = failed;
      }
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException failed) {
      throw Unreadable.of(path, failed);
    }
    checkDigest(path, proof, digest);
    if (problem instanceof IOException failed) {
      throw failed;
    } else if (problem instanceof RuntimeException failed) {
      throw failed;
    }
  }

  /**
   * Compares a file with the size and checksum in the state.
   *
   * @throws CorruptCheckpointException if it differs from them, or cannot be read
   */
  static void verify(FileSystem fs, Path path, CheckpointState.Proof proof) throws IOException {
    checkSize(fs, path, proof);
    MessageDigest digest = Sha256.digest();
    try (InputStream in = new DigestInputStream(fs.open(path), digest)) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        continue;
      }
    } catch (IOException failed) {
      throw Unreadable.of(path, failed);
    }
    checkDigest(path, proof, digest);
  }

  private static void checkSize(FileSystem fs, Path path, CheckpointState.Proof proof)
      throws IOException {
    Links.refuse(fs, path, "a file that train wrote");
    long bytes;
    try {
      bytes = fs.getFileStatus(path).getLen();
    } catch (IOException failed) {
      throw Unreadable.of(path, failed);
    }
    if (bytes != proof.bytes()) {
      throw new CorruptCheckpointException(
          String.format(
              "Cannot read %s: it is %s, %d bytes, expected %d",
              path, bytes < proof.bytes() ? "truncated" : "corrupt", bytes, proof.bytes()));
    }
  }

  private static void checkDigest(Path path, CheckpointState.Proof proof, MessageDigest digest)
      throws CorruptCheckpointException {
    String found = Sha256.hex(digest);
    if (!found.equals(proof.sha256())) {
      throw new CorruptCheckpointException(
          String.format(
              "Cannot read %s: it is corrupt, checksum %s, expected %s",
              path, found, proof.sha256()));
    }
  }

  /** Ignores the reader's close, so that the rest of the stream can still be checked. */
  private static final class UntilClosed extends FilterInputStream {
    UntilClosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
