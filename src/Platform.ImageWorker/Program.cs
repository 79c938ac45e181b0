using System.Text;
using Platform.ImageWorker;
using Platform.Sandbox.Execution;

// One image in, one small image out, then the process ends. What it reads comes from strangers: before the first byte
// of that it has given up files, network and other processes, as the plugin worker does.
const byte Made = 0, Refused = 1, Ready = 2;
const int MostBytes = 32 * 1024 * 1024;

using var input = Console.OpenStandardInput();
using var output = Console.OpenStandardOutput();
Thumbnail.WarmUp();
// The first byte loads what writing needs.
output.WriteByte(Ready);
output.Flush();
LockDown.Apply();

using var image = new MemoryStream();
var buffer = new byte[81920];
int read;
while ((read = input.Read(buffer)) > 0)
{
    image.Write(buffer, 0, read);
    if (image.Length > MostBytes) return 1;
}

var (small, reason) = Thumbnail.Make(image.ToArray());
output.WriteByte(small is null ? Refused : Made);
output.Write(small ?? Encoding.UTF8.GetBytes(reason));
output.Flush();
return 0;
