package vivit.dataprep.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "Cannot use s3a://AKID:sec/ret+1@bucket/x: no, Cannot use s3a://<hidden>@bucket/x: no",
    "hdfs://me:@host/a and s3a://k:s@b, hdfs://<hidden>@host/a and s3a://<hidden>@b",
    "s3a:/AKID:secret@bucket, s3a:/<hidden>@bucket",
    "fs.s3a.secret.key=abc, fs.s3a.secret.key=<hidden>",
    "spark.hadoop.fs.s3a.bucket.b.access.key = abc, spark.hadoop.fs.s3a.bucket.b.access.key = <hidden>",
    "fs.s3a.session.token: abc, fs.s3a.session.token: <hidden>",
    "fs.azure.account.key.me.dfs.core.windows.net=abc==, fs.azure.account.key.me.dfs.core.windows.net=<hidden>",
    "spark.ssl.keyStorePassword=abc def, spark.ssl.keyStorePassword=<hidden> def",
    "spark.authenticate.secret=abc, spark.authenticate.secret=<hidden>",
    "javax.net.ssl.trustStorePassword=abc, javax.net.ssl.trustStorePassword=<hidden>",
  })
  void whatIsSecretIsHidden(String text, String shown) {
    assertThat(Secrets.hidden(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abfs://container@account.dfs.core.windows.net/shards",
        "hdfs://namenode:8020/a@b/c:d@e",
        "hdfs://namenode:8020/videos: no such file or folder; write to me@host",
        "train.epochs=3, tokens: 128, model.tubelet.height=4",
        "spark.authenticate.secret is missing",
        "file:/clips:2021@home/v.mp4",
        "12:30:01 INFO  s: a@b"
      })
  void whatIsNotStays(String text) {
    assertThat(Secrets.hidden(text)).isEqualTo(text);
    assertThat(Secrets.isIn(text)).isFalse();
  }

  @Test
  void anAddressWithAPassword() {
    assertThat(Secrets.isIn("s3a://AKID:se/cret@bucket/x")).isTrue();
    assertThat(Secrets.isIn("s3a://AKID:7/abcdef@bucket/x")).isTrue();
    assertThat(Secrets.isIn("/x/s3a://AKID:secret@bucket")).isFalse();
    assertThat(Visible.lines("a\ns3a://AKID:secret@bucket")).isEqualTo("a\ns3a://<hidden>@bucket");
  }
}
