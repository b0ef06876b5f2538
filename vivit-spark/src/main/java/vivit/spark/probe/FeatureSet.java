package vivit.spark.probe;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.spark.probe.FeatureFile.Features;
import vivit.spark.probe.FeatureManifest.FeaturePart;

/**
 * Reads a finished folder of features: all rows without their tokens, and the tokens of any row.
 * Not thread-safe.
 */
final class FeatureSet implements Closeable {
  private static final int OPEN_FILES = 32;

  private final Configuration conf;
  private final Path folder;
  private final FeatureManifest manifest;
  private final FeatureFile table;
  private final MessageType tokens =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .named(FeatureFile.TOKENS)
          .named("features");

  /** Open files, the least recently used first. */
  private final Map<Integer, ParquetFileReader> open = new LinkedHashMap<>(16, 0.75f, true);

  private FeatureSet(Configuration conf, Path folder, FeatureManifest manifest, LabelHeads heads) {
    this.conf = conf;
    this.folder = folder;
    this.manifest = manifest;
    this.table = new FeatureFile(heads);
  }

  /**
   * Opens a folder.
   *
   * @throws IOException if it is unfinished or damaged
   */
  static FeatureSet open(Path folder, Configuration conf, LabelHeads heads) throws IOException {
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(folder, conf));
    FeatureManifest manifest =
        FeatureManifest.read(fs, folder)
            .orElseThrow(
                () ->
                    new IOException(
                        "Cannot read %s: it has no %s; run the command again"
                            .formatted(folder, FeatureManifest.FILE_NAME)));
    return new FeatureSet(conf, folder, manifest, heads);
  }

  FeatureManifest manifest() {
    return manifest;
  }

  /**
   * Reads all rows, in order, without their tokens.
   *
   * @param large {@code representation}, or nothing
   */
  List<Features> rows(List<String> large) throws IOException {
    List<Features> rows = new ArrayList<>();
    MessageType schema = table.schema(large);
    for (int part = 0; part < manifest.parts().size(); part++) {
      ParquetFileReader file = file(part, schema);
      try (file) {
        for (PageReadStore pages = file.readNextRowGroup();
            pages != null;
            pages = file.readNextRowGroup()) {
          RecordReader<Group> records = records(schema, pages);
          for (long row = 0; row < pages.getRowCount(); row++) {
            rows.add(table.view(records.read(), large));
          }
        }
      } catch (IOException | RuntimeException unreadable) {
        throw damaged(part, unreadable.toString(), unreadable);
      }
    }
    return rows;
  }

  /** Reads the tokens {@code [m d]} of a row, counted from 0 through all files. */
  float[] tokens(int row) throws IOException {
    int part = 0;
    int inPart = row;
    while (inPart >= manifest.parts().get(part).rows()) {
      inPart -= manifest.parts().get(part).rows();
      part++;
    }
    ParquetFileReader file = opened(part);
    try {
      PageReadStore pages = file.readRowGroup(inPart);
      float[] values =
          FeatureFile.floats(records(tokens, pages).read().getBinary(FeatureFile.TOKENS, 0));
      if (values.length != manifest.tokens() * manifest.width()) {
        throw new IllegalStateException("found %d values".formatted(values.length));
      }
      return values;
    } catch (IOException | RuntimeException unreadable) {
      throw damaged(part, unreadable.toString(), unreadable);
    }
  }

  private ParquetFileReader opened(int part) throws IOException {
    ParquetFileReader known = open.get(part);
    if (known != null) {
      return known;
    }
    if (open.size() == OPEN_FILES) {
      var oldest = open.entrySet().iterator();
      oldest.next().getValue().close();
      oldest.remove();
    }
    ParquetFileReader file = file(part, tokens);
    open.put(part, file);
    if (file.getRowGroups().size() != manifest.parts().get(part).rows()) {
      throw damaged(
          part,
          "%d row groups, expected %d"
              .formatted(file.getRowGroups().size(), manifest.parts().get(part).rows()),
          null);
    }
    return file;
  }

  private ParquetFileReader file(int part, MessageType schema) throws IOException {
    FeaturePart stated = manifest.parts().get(part);
    HadoopInputFile file = HadoopInputFile.fromPath(new Path(folder, stated.name()), conf);
    if (file.getLength() != stated.bytes()) {
      throw damaged(
          part, "%d bytes, expected %d".formatted(file.getLength(), stated.bytes()), null);
    }
    ParquetFileReader reader =
        ParquetFileReader.open(
            file, HadoopReadOptions.builder(conf).usePageChecksumVerification(true).build());
    reader.setRequestedSchema(schema);
    return reader;
  }

  private static RecordReader<Group> records(MessageType schema, PageReadStore pages) {
    return new ColumnIOFactory()
        .getColumnIO(schema)
        .getRecordReader(pages, new GroupRecordConverter(schema));
  }

  private IOException damaged(int part, String how, Exception cause) {
    return new IOException(
        "Cannot read %s: %s; if it is damaged, delete %s, and the features are computed again"
            .formatted(new Path(folder, manifest.parts().get(part).name()), how, folder),
        cause);
  }

  @Override
  public void close() throws IOException {
    for (ParquetFileReader file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
