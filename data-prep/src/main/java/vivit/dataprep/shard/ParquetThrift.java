package vivit.dataprep.shard;

import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TMap;
import shaded.parquet.org.apache.thrift.protocol.TProtocolException;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import vivit.dataprep.storage.WholeFile;

/**
 * Reads Parquet's own structures from bytes that may be hostile. Parquet's reader would allocate
 * every list as long as it claims to be, and follow any nesting; here a list has at most as many
 * elements as bytes follow, nesting is shallow, and the number of values is bounded.
 */
final class ParquetThrift {
  private static final int LARGEST_HEADER_BYTES = 1 << 16;

  private ParquetThrift() {}

  /** Reads the metadata that an input consists of. */
  static FileMetaData metadata(InputStream in) throws IOException {
    FileMetaData metadata = new FileMetaData();
    read(metadata, in, in.available());
    return metadata;
  }

  /** Reads the header at the beginning of an input, and leaves the rest. */
  static PageHeader header(InputStream in) throws IOException {
    PageHeader header = new PageHeader();
    read(header, in, Math.min(LARGEST_HEADER_BYTES, in.available()));
    return header;
  }

  private static void read(TBase<?, ?> structure, InputStream in, int most) throws IOException {
    try {
      structure.read(new Bounded(in, most));
    } catch (TException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static final class Bounded extends TCompactProtocol {
    private static final int DEEPEST = 32;
    private static final long ANY_LENGTH = -1; // of a list: checked below

    private final InputStream in;
    private final long mostValues = WholeFile.mostValues();
    private long values;
    private int depth;

    /** Creates a protocol that refuses texts of more than {@code mostText} bytes. */
    Bounded(InputStream in, int mostText) throws TException {
      super(
          new TIOStreamTransport(
              new TConfiguration(mostText, mostText, TConfiguration.DEFAULT_RECURSION_DEPTH), in),
          mostText,
          ANY_LENGTH);
      this.in = in;
    }

    /** Enters a structure or list. */
    private void enter(int elements) throws TException {
      depth++;
      values += 1 + elements / 16; // an element that is an object counts when it is read
      if (depth > DEEPEST) {
        throw refused("it is nested more than %d levels deep".formatted(DEEPEST));
      }
      if (elements < 0 || elements > available()) {
        throw refused("found a list of %d elements in %d bytes".formatted(elements, available()));
      }
      if (values > mostValues) {
        throw refused(
            "it has more than %d values, too many for the heap; if the file is right, give more memory"
                .formatted(mostValues));
      }
    }

    private int available() throws TException {
      try {
        return in.available();
      } catch (IOException e) {
        throw new TException(e);
      }
    }

    private static TProtocolException refused(String why) {
      return new TProtocolException(TProtocolException.SIZE_LIMIT, why);
    }

    @Override
    public TStruct readStructBegin() throws TException {
      enter(0);
      return super.readStructBegin();
    }

    @Override
    public void readStructEnd() throws TException {
      depth--;
      super.readStructEnd();
    }

    @Override
    public TList readListBegin() throws TException {
      TList list = super.readListBegin();
      enter(list.size);
      return list;
    }

    @Override
    public void readListEnd() throws TException {
      depth--;
      super.readListEnd();
    }

    @Override
    public void readSetEnd() throws TException { // a set begins as a list

      depth--;
      super.readSetEnd();
    }

    @Override
    public TMap readMapBegin() throws TException {
      TMap map = super.readMapBegin();
      enter(map.size);
      return map;
    }

    @Override
    public void readMapEnd() throws TException {
      depth--;
      super.readMapEnd();
    }

    @Override
    public String readString() throws TException {
      values++;
      return super.readString();
    }
  }
}
