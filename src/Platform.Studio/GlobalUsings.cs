global using Platform.Engine;
global using Platform.Engine.Metadata;
global using Platform.Sdk;
