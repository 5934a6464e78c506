package bpnn.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;

/**
 * What workers have to know of a job.
 *
 * @param id tells it from other jobs of the same process
 * @param handler the id of the provider of its handlers
 * @param settings what all items have in common
 * @param data bytes that every worker needs, by name
 * @param plugins names of the jars that were sent along
 * @param threads that an item may use
 * @param commit of the program, which its records name
 * @param codeSha256 hash of the program's jar
 */
record JobDescription(
        String id,
        String handler,
        String settings,
        Map<String, Broadcast<byte[]>> data,
        List<String> plugins,
        int threads,
        String commit,
        String codeSha256)
        implements Serializable {
    private static final long serialVersionUID = 1;
}
